// Which incidents a list shows. Part of it the service does; words and groups are the page's.

import type {Incident, IncidentQuery, Severity} from '../api/types';
import {severities} from './severity';
import {summaryOf} from './kinds';

export const periods: [name: string, words: string, ms: number | null][] = [
  ['hour', 'last hour', 3600_000],
  ['day', 'last 24 hours', 86_400_000],
  ['week', 'last 7 days', 604_800_000],
  ['', 'any time', null],
];

export interface IncidentFilter {
  text: string;
  monitor: string;
  kind: string;
  severity: Severity | '';
  open: '' | 'true' | 'false';
  period: string;
  group: '' | 'monitor' | 'kind';
}

export function incidentFilterOf(parameters: URLSearchParams): IncidentFilter {
  const one = <T extends string>(name: string, values: readonly T[]): T | '' => {
    const value = parameters.get(name) as T | null;
    return value && values.includes(value) ? value : '';
  };
  return {
    text: parameters.get('text') ?? '',
    monitor: parameters.get('monitor') ?? '',
    kind: parameters.get('kind') ?? '',
    severity: one('severity', severities),
    open: one('open', ['true', 'false'] as const),
    period: parameters.get('period') ?? '',
    group: one('group', ['monitor', 'kind'] as const),
  };
}

export function queryOf(filter: IncidentFilter, now_ms: number): IncidentQuery {
  const query: IncidentQuery = {};
  if (filter.monitor) query.monitor = filter.monitor;
  if (filter.kind) query.kind = filter.kind;
  if (filter.severity) query.severity = filter.severity;
  if (filter.open) query.open = filter.open === 'true';
  const ms = periods.find(([name]) => name === filter.period)?.[2];
  if (ms) query.from = new Date(now_ms - ms).toISOString();
  return query;
}

export function hasWords(text: string, incident: Incident, monitorName: string): boolean {
  const haystack = [incident.kind, summaryOf(incident.kind), incident.note, incident.id, incident.detector, monitorName]
    .join('\n').toLowerCase();
  return text.toLowerCase().split(/\s+/).every((word) => haystack.includes(word));
}

export interface Group {
  key: string;
  incidents: Incident[];
}

// The group with the most incidents first; without grouping one group of all.
export function grouped(incidents: readonly Incident[], by: IncidentFilter['group']): Group[] {
  if (by === '') return [{key: '', incidents: [...incidents]}];
  const groups = new Map<string, Group>();
  for (const incident of incidents) {
    const key = incident[by];
    const group = groups.get(key) ?? {key, incidents: []};
    group.incidents.push(incident);
    groups.set(key, group);
  }
  return [...groups.values()].sort((a, b) => b.incidents.length - a.incidents.length || a.key.localeCompare(b.key));
}
