import {stackOf, type CostLine} from '../../model/cost';
import {number, percent} from '../../model/format';
import {Money} from '../../parts/money';
import {StackBar} from '../../parts/stack_bar';
import {to} from '../../route';
import {coreHour} from '../../state/cores';

// A line a stream; its bar is as long as its cost is against the dearest one's.
export function CostTable({lines}: {lines: readonly CostLine[]}) {
  const dearest = Math.max(...lines.map(({cores}) => cores ?? 0));
  const hasPrice = coreHour.value !== null;
  return (
    <section class="panel panel-flush" aria-label="Each stream">
      <h2>Each stream</h2>
      <div class="scroll-x" tabIndex={0} role="group" aria-label="Table of costs">
        <table class="lines">
          <thead>
            <tr>
              <th scope="col">Monitor</th><th scope="col" class="right">Cores</th>
              {hasPrice && <th scope="col" class="right">An hour</th>}
              <th scope="col">What it goes into</th>
            </tr>
          </thead>
          <tbody>{lines.map((line) => <Line key={line.monitor.id} line={line} dearest={dearest} hasPrice={hasPrice} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

function Line({line: {monitor, cores, shares}, dearest, hasPrice}: {line: CostLine; dearest: number; hasPrice: boolean}) {
  const stack = shares && stackOf(shares);
  return (
    <tr>
      <td class="ellipsis"><a href={to.monitor(monitor.id)}>{monitor.name}</a></td>
      <td class="right">{number(cores, 3)}</td>
      {hasPrice && <td class="right"><Money cores={cores} /></td>}
      <td class="stack-cell">
        {stack ? <StackBar parts={stack} length={dearest > 0 ? (cores ?? 0) / dearest : 0}
          words={stack.map(({name, share}) => `${name} ${percent(share)}`).join(', ')} /> : <span class="soft">not known yet</span>}
      </td>
    </tr>
  );
}
