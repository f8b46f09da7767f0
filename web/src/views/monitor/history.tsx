// What was, over minutes, hours or days: incidents and curves in one time.

import {useState} from 'preact/hooks';
import type {Monitor} from '../../api/types';
import {instant} from '../../model/format';
import {Failed} from '../../parts/notice';
import {Icon} from '../../parts/icon';
import {moved, spanOf, zoomed, type Range} from '../../parts/timeline/scale';
import {Timeline} from '../../parts/timeline/timeline';
import {axisWords, offsetOf} from '../../parts/timeline/wall_clock';
import {go, to} from '../../route';
import {now} from '../../state/clock';
import {zone} from '../../state/settings';
import {curvesOf, rowsOf} from './timeline_content';
import {useHistory} from './use_history';

const minute = 60_000;
const spans: [string, number][] = [
  ['5 min', 5 * minute], ['15 min', 15 * minute], ['1 h', 60 * minute], ['6 h', 360 * minute],
  ['24 h', 1440 * minute], ['7 d', 10_080 * minute], ['30 d', 43_200 * minute],
];

// Where the end of the line is this near, it follows the time.
const followsWithin = 0.02;

// A monitor that is new has little to show.
function firstSpan(monitor: Monitor): number {
  return Date.now() - Date.parse(monitor.created_at) < 5 * minute ? 5 * minute : 15 * minute;
}

export function History({monitor}: {monitor: Monitor}) {
  const [span, setSpan] = useState(() => firstSpan(monitor));
  const [end, setEnd] = useState<number | null>(null);  // null: now
  const until = end ?? now.value;
  const range = {from: until - span, until};
  const {series, incidents, words} = useHistory(monitor.id, range, end === null);
  const setRange = (next: Range) => {
    setSpan(spanOf(next));
    setEnd(next.until >= Date.now() - spanOf(next) * followsWithin ? null : next.until);
  };
  const z = zone.value;
  return (
    <section class="panel" aria-label="History">
      <div class="bar">
        <h2>History</h2>
        <div class="chips" role="group" aria-label="Span">
          {spans.map(([name, ms]) => (
            <button key={name} class="chip" aria-pressed={Math.abs(span - ms) < 1} onClick={() => setSpan(ms)}>{name}</button>
          ))}
        </div>
        <button class="plain" aria-label="Earlier" title="Earlier" onClick={() => setRange(moved(range, -0.5))}><Icon name="left" /></button>
        <button class="plain" aria-label="Later" title="Later" onClick={() => setRange(moved(range, 0.5))}><Icon name="right" /></button>
        <button onClick={() => setRange(zoomed(range, 0.5))} aria-label="Zoom in">+</button>
        <button onClick={() => setRange(zoomed(range, 2))} aria-label="Zoom out">−</button>
        <span class="spring" />
        {end === null ? <span class="soft">up to now</span>
          : <><span class="soft">until {instant(end, z)}</span><button onClick={() => setEnd(null)}>To now</button></>}
      </div>
      {words && <Failed words={words} />}
      <Timeline range={range} rows={rowsOf(incidents, z)} curves={curvesOf(monitor, series)} series={series}
        offset={offsetOf(until, z)} words={(at, step) => axisWords(at, step, z)} setRange={setRange}
        open={(id) => go(to.incident(id))} />
      {incidents.length === 0 && <p class="soft">No incident in this time.</p>}
    </section>
  );
}
