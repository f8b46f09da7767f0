import {useRef} from 'preact/hooks';
import {coresBetween, costShares} from '../../model/cost';
import {number, percent} from '../../model/format';
import {to} from '../../route';
import {watched} from '../../state/monitors';

interface Reading {
  cpu_s: number;
  at_ms: number;
}

// CPU time of each stream, since this was opened; the dearest first.
export function CostTable() {
  const first = useRef(new Map<string, Reading>());
  const lines = watched.value.flatMap(({monitor}) => {
    const cpu_s = monitor.status?.cpu_s ?? null;
    if (cpu_s === null) return [];
    const reading = {cpu_s, at_ms: Date.now()};
    const before = first.current.get(monitor.id);
    if (!before || before.cpu_s > cpu_s) first.current.set(monitor.id, reading);
    const cores = coresBetween(first.current.get(monitor.id)!, reading);
    return [{monitor, cores, shares: costShares(monitor.status!.cost_s).slice(0, 3)}];
  });
  lines.sort((a, b) => (b.cores ?? 0) - (a.cores ?? 0));
  const sum = lines.reduce((total, {cores}) => total + (cores ?? 0), 0);
  return (
    <section class="panel panel-flush" aria-label="Cost">
      <h2>Cost <span class="soft">{number(sum, 2)} core hours an hour</span></h2>
      {lines.length === 0 ? <p class="soft pad">No stream is analysed.</p> : (
        <div class="scroll-x" tabIndex={0} role="group" aria-label="Table of costs">
          <table class="lines">
            <thead><tr><th scope="col">Monitor</th><th scope="col" class="right">Core hours an hour</th><th scope="col">Most of it goes into</th></tr></thead>
            <tbody>
              {lines.map(({monitor, cores, shares}) => (
                <tr key={monitor.id}>
                  <td><a href={to.monitor(monitor.id)}>{monitor.name}</a></td>
                  <td class="right">{number(cores, 3)}</td>
                  <td>{shares.map(({name, share}) => `${name} ${percent(share)}`).join(', ')}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
