import {api} from '../../api/client';
import type {Incident} from '../../api/types';
import {isSnoozed} from '../../model/condition';
import {Icon} from '../../parts/icon';
import {now} from '../../state/clock';

const minutes: [string, number][] = [['15 minutes', 15], ['1 hour', 60], ['8 hours', 480], ['1 day', 1440]];

// Nobody is told of this kind on this track for a while. Services that can't do it do not tell of it either.
export function Snooze({incident, act}: {incident: Incident; act: (what: () => Promise<Incident>) => void}) {
  if (incident.snoozed_until === undefined) return null;
  const until = (length: number) => new Date(Date.now() + length * 60_000).toISOString();
  if (isSnoozed(incident, now.value)) return <button onClick={() => act(() => api.snooze(incident.id, null))}>Wake</button>;
  return (
    <label class="select-button">
      <Icon name="snooze" />
      <select aria-label="Snooze" value="" onChange={(e) => {
        const length = Number(e.currentTarget.value);
        act(() => api.snooze(incident.id, until(length)));
      }}>
        <option value="" disabled>Snooze</option>
        {minutes.map(([words, length]) => <option key={length} value={length}>{words}</option>)}
      </select>
    </label>
  );
}
