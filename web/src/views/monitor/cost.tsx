import type {Monitor} from '../../api/types';
import {costShares} from '../../model/cost';
import {number, percent} from '../../model/format';
import {Money} from '../../parts/money';
import {coresOf} from '../../state/cores';

const mostShares = 4;

// What an hour of the stream costs, in CPU time and money, and what that goes into.
export function Cost({monitor}: {monitor: Monitor}) {
  const {status} = monitor;
  if ((status?.cpu_s ?? null) === null) return null;
  const cores = coresOf(monitor.id);
  return (
    <div class="cost">
      <h3>Cost a stream hour</h3>
      <p>
        {cores === null ? <b>measuring…</b> : <><b>{number(cores, 3)} core hours</b><Money cores={cores} before=", " after=" an hour" /></>}
      </p>
      <ul class="shares">
        {costShares(status!.cost_s).slice(0, mostShares).map(({name, share}) => (
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
