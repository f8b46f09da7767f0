import {count} from '../../model/format';
import {summaryOf} from '../../model/kinds';
import {clusters, type Cluster, type Row} from './bars';
import {shareOf, type Range} from './scale';

interface Props {
  row: Row;
  range: Range;
  gap: number;  // ms, below which two bars are one
  open: (id: string) => void;
  zoom: (from: number, until: number) => void;
}

// One kind's incidents.
export function BarRow({row, range, gap, open, zoom}: Props) {
  const seen = row.bars.filter((bar) => bar.from < range.until && (bar.to ?? Infinity) > range.from);
  return (
    <div class="timeline-row" data-kind={row.kind}>
      <span class="timeline-title" title={row.kind}>{summaryOf(row.kind)}</span>
      <div class="track" role="list" aria-label={summaryOf(row.kind)}>
        {clusters(seen, gap).map((cluster) => {
          const only = cluster.bars.length === 1 ? cluster.bars[0]! : null;
          const last = cluster.to ?? range.until;
          return (
            <span role="listitem" key={cluster.bars[0]!.id}>
              <button class={`time-bar hue-${cluster.severity} ${cluster.to === null ? 'time-bar-open' : ''}`} style={place(cluster, range)}
                aria-label={titleOf(cluster)} title={titleOf(cluster)}
                onClick={() => (only ? open(only.id) : zoom(cluster.from, last))} />
            </span>
          );
        })}
      </div>
    </div>
  );
}

const titleOf = ({bars}: Cluster) =>
  bars.length === 1 ? bars[0]!.title : `${count(bars.length, 'incident')}, from ${bars[0]!.title}`;

function place(cluster: Cluster, range: Range) {
  const from = Math.max(0, shareOf(range, cluster.from));
  const to = Math.min(1, cluster.to === null ? 1 : shareOf(range, cluster.to));
  return {left: `${from * 100}%`, width: `${Math.max(0, to - from) * 100}%`};
}
