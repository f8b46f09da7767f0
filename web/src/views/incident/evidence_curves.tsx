import {useState} from 'preact/hooks';
import type {Incident} from '../../api/types';
import {evidenceOf} from '../../model/quantities';
import {Timeline} from '../../parts/timeline/timeline';
import {axisWords, offsetOf} from '../../parts/timeline/wall_clock';
import type {Range} from '../../parts/timeline/scale';
import {go, to} from '../../route';
import {zone} from '../../state/settings';
import {watchedOf} from '../../state/monitors';
import {curvesOf, rowsOf} from '../monitor/timeline_content';
import {useHistory} from '../monitor/use_history';

const leastMarginMs = 30_000;

function around(incident: Incident): Range {
  const from = Date.parse(incident.started_at);
  const until = incident.ended_at ? Date.parse(incident.ended_at) : Math.max(Date.now(), from + leastMarginMs);
  const margin = Math.max(leastMarginMs, (until - from) / 2);
  return {from: from - margin, until: until + margin};
}

// What was measured before, during and after, against the limits.
export function EvidenceCurves({incident}: {incident: Incident}) {
  const [range, setRange] = useState(() => around(incident));
  const {series, incidents} = useHistory(incident.monitor, range, false);
  const names = new Set(evidenceOf(incident.kind).map(({name}) => name));
  const curves = curvesOf(watchedOf(incident.monitor)?.monitor ?? null, series)
    .filter(({quantity}) => names.has(quantity.name));
  const z = zone.value;
  return (
    <section class="panel" aria-label="Around it">
      <h2>Around it</h2>
      <Timeline range={range} rows={rowsOf(incidents, z)} curves={curves} series={series}
        offset={offsetOf(range.from, z)} words={(at, step) => axisWords(at, step, z)} setRange={setRange}
        open={(id) => go(to.incident(id))} />
    </section>
  );
}
