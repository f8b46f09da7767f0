import {duration} from '../model/format';
import {now} from '../state/clock';
import {connection} from '../state/connection';

// Says that the page no longer hears the service, and when it does again.
export function ConnectionBar() {
  const c = connection.value;
  return (
    <div role="status" class="connection-place">
      {c.state === 'lost' && (
        <p class="connection connection-lost">
          Connection lost, trying again. What you see is {duration(Math.max(0, Math.round((now.value - c.since_ms) / 1000)))} old.
        </p>
      )}
      {c.state === 'live' && c.back && <p class="connection connection-back">Connected again. What you see is up to date.</p>}
    </div>
  );
}
