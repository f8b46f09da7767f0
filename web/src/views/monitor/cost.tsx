import {useRef} from 'preact/hooks';
import type {Monitor} from '../../api/types';
import {coresBetween, costShares} from '../../model/cost';
import {number, percent} from '../../model/format';

const mostShares = 4;
const leastMs = 3000;  // what is shorter says little

// CPU time for each hour of the stream, and what it goes into.
export function Cost({monitor}: {monitor: Monitor}) {
  const first = useRef<{cpu_s: number; at_ms: number} | null>(null);
  const {status} = monitor;
  const cpu_s = status?.cpu_s ?? null;
  if (cpu_s === null) return null;
  const reading = {cpu_s, at_ms: Date.now()};
  if (!first.current || first.current.cpu_s > cpu_s) first.current = reading;
  const isLong = reading.at_ms - first.current.at_ms >= leastMs;
  const cores = isLong ? coresBetween(first.current, reading) : null;
  const shares = costShares(status!.cost_s);
  return (
    <div class="cost">
      <h3>Cost a stream hour</h3>
      <p><b>{cores === null ? 'measuring…' : `${number(cores, 3)} core hours`}</b></p>
      <ul class="shares">
        {shares.slice(0, mostShares).map(({name, share}) => (
          <li key={name}>
            <span>{name}</span>
            <meter min={0} max={1} value={share} aria-label={name} />
            <span>{percent(share)}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
