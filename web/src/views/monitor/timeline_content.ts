// Incidents and measurements as a timeline takes them.

import type {Incident, Monitor} from '../../api/types';
import {duration, timeOfDay} from '../../model/format';
import {byKind, summaryOf} from '../../model/kinds';
import {limitsOf, quantities} from '../../model/quantities';
import type {Series} from '../../model/series';
import {detectors} from '../../state/service';
import type {Zone} from '../../state/settings';
import type {Row} from '../../parts/timeline/bars';
import type {Curve} from '../../parts/timeline/timeline';

export function rowsOf(incidents: readonly Incident[], zone: Zone): Row[] {
  const rows = new Map<string, Row>();
  for (const incident of incidents) {
    const row = rows.get(incident.kind) ?? {kind: incident.kind, bars: []};
    rows.set(incident.kind, row);
    const from = Date.parse(incident.started_at);
    const to = incident.ended_at === null ? null : Date.parse(incident.ended_at);
    const lasted = to === null ? 'still going on' : duration((to - from) / 1000);
    row.bars.push({id: incident.id, from, to, severity: incident.severity,
      title: `${incident.severity}: ${summaryOf(incident.kind)} at ${timeOfDay(from, zone)}, ${lasted}`});
  }
  return [...rows.values()].sort((a, b) => byKind(a.kind, b.kind));
}

// The defaults of the detectors, and what the monitor says otherwise.
export function optionsOf(monitor: Monitor | null): Record<string, number> {
  const defaults = (detectors.value ?? []).flatMap(({name, options}) =>
    options.map((option) => [`${name}.${option.name}`, option.default] as const));
  return {...Object.fromEntries(defaults), ...monitor?.options};
}

// Those that were measured, with their limits.
export function curvesOf(monitor: Monitor | null, series: Series | null): Curve[] {
  const options = optionsOf(monitor);
  return quantities
    .filter(({name}) => series?.quantities[name]?.mean.some((value) => value !== null))
    .map((quantity) => ({quantity, limits: limitsOf(quantity, options)}));
}
