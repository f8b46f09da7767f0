// Incidents as files.

import type {Incident} from '../api/types';
import {csv, type Cell} from './csv';

const columns = ['id', 'monitor', 'monitor_name', 'kind', 'severity', 'started_at', 'ended_at', 'acknowledged_at',
  'confidence', 'detector', 'note', 'measures'];

export function incidentsCsv(incidents: readonly Incident[], nameOf: (monitor: string) => string): string {
  return csv(columns, incidents.map((i): Cell[] => [i.id, i.monitor, nameOf(i.monitor), i.kind, i.severity, i.started_at,
    i.ended_at, i.acknowledged_at, i.confidence, i.detector, i.note, JSON.stringify(i.measures)]));
}

export function incidentsJson(incidents: readonly Incident[]): string {
  return `${JSON.stringify({incidents}, null, 1)}\n`;
}
