import {dominant, hoursADay, hoursAMonth, priceWords, stackOf, type CostLine, type CostTotal} from '../../model/cost';
import {count, dollars, number, percent} from '../../model/format';
import {Facts} from '../../parts/facts';
import {StackBar, StackKey} from '../../parts/stack_bar';
import {coreHour} from '../../state/cores';

// All streams together.
export function Totals({lines, total}: {lines: readonly CostLine[]; total: CostTotal}) {
  const price = coreHour.value;
  const money = (hours: number) => dollars(total.measured > 0 ? total.cores * hours * price!.usd : null);
  const facts: [string, string][] = [
    ['Streams', number(lines.length)],
    ['Cores', total.measured > 0 ? number(total.cores, 2) : 'measuring…'],
    ...(price ? [['An hour', money(1)], ['A day', money(hoursADay)], ['A month', money(hoursAMonth)]] as [string, string][] : []),
  ];
  const stack = total.shares && stackOf(total.shares);
  return (
    <section class="panel" aria-label="All streams">
      <div class="totals"><Facts facts={facts} /></div>
      {stack && (
        <div class="stack-large">
          <StackBar parts={stack} words={stack.map(({name, share}) => `${name} ${percent(share)}`).join(', ')} />
        </div>
      )}
      {stack && <StackKey entries={stack.map(({name, kind, share}) => ({kind, words: <>{name} <b>{percent(share)}</b></>}))} />}
      {total.measured > 0 && <p class="cost-words">{dominant(total, lines)}</p>}
      {total.measured > 0 && total.measured < lines.length &&
        <p class="soft">Of {count(total.measured, 'stream')}; the others are still being measured.</p>}
      {price && <p class="soft">{priceWords(price)}</p>}
    </section>
  );
}
