import {count} from '../../model/format';
import {summaryOf} from '../../model/kinds';
import {worst} from '../../model/severity';
import {clusters, targets, type Cluster, type Row, type Target} from './bars';
import {shareOf, spanOf, zoomed, type Range} from './scale';

interface Props {
  row: Row;
  range: Range;
  width: number;  // px
  gap: number;  // ms, below which two bars are one
  open: (id: string) => void;
  zoom: (range: Range) => void;
}

// One kind's incidents: each as long as it lasted, on a target that is large enough to be pressed.
export function BarRow({row, range, width, gap, open, zoom}: Props) {
  const seen = row.bars.filter((bar) => bar.from < range.until && (bar.to ?? Infinity) > range.from);
  const press = (target: Target) => {
    const closer = rangeOf(target, range);
    if (target.bars.length === 1 || spanOf(closer) > spanOf(range) * 0.9) open(target.bars[0]!.id);
    else zoom(closer);
  };
  return (
    <div class="timeline-row" data-kind={row.kind}>
      <span class="timeline-title" title={row.kind}>{summaryOf(row.kind)}</span>
      <div class="track" role="list" aria-label={summaryOf(row.kind)}>
        {width > 0 && targets(seen, range, width).map((target) => (
          <span role="listitem" key={target.bars[0]!.id}>
            <button class={`time-target hue-${worst(target.bars)}`} style={{left: `${target.left}px`, width: `${target.width}px`}}
              aria-label={titleOf(target)} title={titleOf(target)} onClick={() => press(target)}>
              {clusters(target.bars, gap).map((cluster) => (
                <i key={cluster.bars[0]!.id} style={place(cluster, range, width, target)}
                  class={`time-bar hue-${cluster.severity} ${cluster.to === null ? 'time-bar-open' : ''}`} />
              ))}
            </button>
          </span>
        ))}
      </div>
    </div>
  );
}

const titleOf = ({bars}: Target) =>
  bars.length === 1 ? bars[0]!.title : `${count(bars.length, 'incident')}, from ${bars[0]!.title}`;

// The stretch in which the bars can be told apart.
function rangeOf({bars}: Target, range: Range): Range {
  const from = Math.min(...bars.map((bar) => bar.from));
  const until = Math.max(...bars.map((bar) => bar.to ?? range.until));
  return zoomed({from, until: Math.max(until, from + 1)}, 1.5);
}

function place(cluster: Cluster, range: Range, width: number, target: Target) {
  const from = Math.max(0, shareOf(range, cluster.from)) * width;
  const to = Math.min(1, cluster.to === null ? 1 : shareOf(range, cluster.to)) * width;
  return {left: `${from - target.left}px`, width: `${Math.max(0, to - from)}px`};
}
