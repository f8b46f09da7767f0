import {useState} from 'preact/hooks';
import type {ClusterInstance, ClusterPair} from '../../api/types';
import {rowsByMonitor, type WatchedBy} from '../../model/cluster';
import {count, number} from '../../model/format';
import {Mark} from '../../parts/marks';
import {Select} from '../../parts/select';
import {route, setParameters, to} from '../../route';
import {nameOf} from '../../state/monitors';

const mostShown = 100;

interface Props {
  pairs: readonly ClusterPair[];
  groups: readonly string[];
  instances: readonly ClusterInstance[];
}

// Which instance watches which pairs: a row a monitor, a column a group. The instance chosen is in the address.
export function WatchTable({pairs, groups, instances}: Props) {
  const [shows, setShows] = useState(mostShown);
  const chosen = route.value.parameters.get('instance') ?? '';
  const rows = rowsByMonitor(pairs, nameOf, chosen);
  const ids = [...new Set([...instances.map(({id}) => id), ...(chosen ? [chosen] : [])])].sort();
  return (
    <section class="panel panel-flush" aria-label="Who watches what">
      <div class="bar pad-head">
        <h2>Who watches what</h2>
        <Select words="Instance" value={chosen} all="any instance" options={ids.map((id) => [id, id])} choose={(instance) => setParameters({instance})} />
        <span class="soft" role="status">{count(rows.length, 'monitor')}</span>
      </div>
      {rows.length === 0 ? <p class="soft pad">{chosen ? 'It watches nothing.' : 'Nothing is to be watched.'}</p> : (
        <div class="scroll-x" tabIndex={0} role="group" aria-label="Table of pairs">
          <table class="lines">
            <thead><tr><th scope="col">Monitor</th>{groups.map((group) => <th scope="col" key={group}>{group}</th>)}</tr></thead>
            <tbody>
              {rows.slice(0, shows).map((row) => (
                <tr key={row.monitor}>
                  <td class="ellipsis"><a href={to.monitor(row.monitor)}>{nameOf(row.monitor)}</a></td>
                  {groups.map((group) => <td key={group} class="ellipsis"><Watchers row={row} group={group} chosen={chosen} /></td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > shows && <p class="pad"><button onClick={() => setShows(rows.length)}>Show all {number(rows.length)}</button></p>}
    </section>
  );
}

function Watchers({row, group, chosen}: {row: WatchedBy; group: string; chosen: string}) {
  const instances = row.of_group.get(group);
  if (!instances) return <span class="soft" title="Not asked for">–</span>;
  const words = instances.join(', ');
  if (instances.length === 0) return <Mark like="defect">nobody</Mark>;
  if (instances.length > 1) return <span title={words}><Mark like="degraded">{words}</Mark></span>;
  return <span class={chosen && chosen !== words ? 'soft' : ''} title={words}>{words}</span>;
}
