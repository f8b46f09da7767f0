// What all monitors cost: in cores and money, the dearest first, and what it goes into.

import {costLines, costTotal} from '../../model/cost';
import {count} from '../../model/format';
import {Empty, Failed, Loading} from '../../parts/notice';
import {coresOf} from '../../state/cores';
import {monitors, monitorsError, readMonitors} from '../../state/monitors';
import {CostTable} from './cost_table';
import {Totals} from './totals';

export function CostView() {
  const all = monitors.value;
  if (all === null) {
    return monitorsError.value ? <Failed words={monitorsError.value} retry={() => void readMonitors()} />
      : <Loading what="the monitors" />;
  }
  const lines = costLines(all, coresOf);
  const idle = all.length - lines.length;
  return (
    <div class="narrow">
      <h1>Cost</h1>
      {lines.length === 0 && <Empty part title="No stream is analysed"><p>So there is nothing that costs.</p></Empty>}
      {lines.length > 0 && <Totals lines={lines} total={costTotal(lines)} />}
      {lines.length > 0 && <CostTable lines={lines} />}
      {lines.length > 0 && idle > 0 && <p class="soft">{count(idle, 'monitor')} more {idle === 1 ? 'is' : 'are'} not analysed now.</p>}
    </div>
  );
}
