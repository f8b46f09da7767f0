// Reports of `monolens check` (api/report.schema.json), as far as the page reads them.

import type {CellMap, Input, Measures, Severity, Track} from './types';

export interface ReportIncident {
  id: string;
  kind: string;
  detector: string;
  severity: Severity;
  track: Track | null;
  start_s: number;
  end_s: number;
  confidence: number;
  measures: Measures;
  evidence: {frame: string | null; note: string; map?: RunMap};
}

interface RunMap {
  block: number;
  columns: number;
  rows: number;
  runs: string;
}

export interface Report {
  schema: string;
  tool: {name: string; version: string};
  input: Input;
  profile: string;
  detectors: string[];
  interrupted: boolean;
  analysed: {video_frames: number; audio_samples: number; wall_s: number; cpu_s: number};
  incidents: ReportIncident[];
  measures: {
    integrated_loudness_lufs: number | null;
    loudness_range_lu: number | null;
    true_peak_dbtp: number | null;
    av_offset_ms: number | null;
  };
  summary: Record<string, {count: number; seconds: number}>;
}

const schema = 'monolens.report/1';

// One report or several. Throws, in words, what is none.
export function parseReports(text: string): Report[] {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw new Error('This is not JSON.');
  }
  const reports = (Array.isArray(document) ? document : [document]) as Partial<Report>[];
  const isReport = (report: Partial<Report> | null) =>
    report?.schema === schema && Array.isArray(report.incidents) && !!report.input && !!report.analysed;
  if (reports.length === 0 || !reports.every(isReport)) throw new Error(`This is no report of “${schema}”.`);
  return reports as Report[];
}

// One byte for each run: the probability in fifteenths above, the run's length less one below.
export function cellMapOf({block, columns, rows, runs}: RunMap): CellMap {
  const cells: number[] = [];
  for (const character of atob(runs)) {
    const byte = character.charCodeAt(0);
    for (let length = (byte & 15) + 1; length > 0; --length) cells.push((byte >> 4) / 15);
  }
  return {block, columns, rows, cells};
}

// A data: address of a JPEG and nothing else: a report may come from anywhere.
export function frameOf(report: ReportIncident): string | null {
  const {frame} = report.evidence;
  return frame && /^data:image\/jpeg;base64,[A-Za-z0-9+/]+={0,2}$/.test(frame) ? frame : null;
}
