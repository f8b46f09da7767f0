'use strict';

// Reading a report: what its members mean, and what is made out of several of them.

const SEVERITIES = ['critical', 'major', 'minor', 'info'];
const GROUPS = ['video', 'audio', 'av', 'transport', 'monitor'];
const CURVES = [
  {key: 'loudness_lufs', name: 'Loudness', unit: 'LUFS', low: -60, high: 0, digits: 1, css: 'loudness'},
  {key: 'luma', name: 'Luma', unit: '', low: 0, high: 255, digits: 0, css: 'luma'},
  {key: 'motion', name: 'Motion', unit: '', low: 0, high: null, digits: 2, css: 'motion'},
];

const severityOf = (incident) => (SEVERITIES.includes(incident.severity) ? incident.severity : 'info');

function kindRank(kind) {
  const group = GROUPS.indexOf(kind.split('.')[0]);
  return group < 0 ? GROUPS.length : group;
}

// The seconds that the timeline shows: the input's duration, or as far as anything in the report reaches.
function extent(report) {
  const ends = report.incidents.map((incident) => incident.end_s ?? incident.start_s);
  const step = report.curves?.step_s ?? 0;
  const drawn = CURVES.map(({key}) => (report.curves?.[key]?.length ?? 0) * step);
  const reached = known(report.input?.duration_s) ? [report.input.duration_s] : drawn;
  return [...ends, ...reached].reduce((most, end) => Math.max(most, end), 0);
}

// The seconds that at least one of the incidents covers.
function covered(incidents, end) {
  let total = 0;
  let reached = -Infinity;
  for (const {start_s: start, end_s: stop} of [...incidents].sort((a, b) => a.start_s - b.start_s)) {
    total += Math.max(0, (stop ?? end) - Math.max(start, reached));
    reached = Math.max(reached, stop ?? end);
  }
  return total;
}

function baseName(url) {
  const path = String(url ?? UNKNOWN)
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1) || String(url);
}

function trackName(track) {
  if (!track) return null;
  const language = track.language ? ` (${track.language})` : '';
  return `${track.type ?? 'track'} ${track.index ?? 0}${language}`;
}

const picture = (url) =>
  typeof url === 'string' && /^data:image\/(jpeg|png|webp);base64,/.test(url) ? url : null;

function severityCounts(incidents) {
  const counts = new Map(SEVERITIES.map((severity) => [severity, 0]));
  for (const incident of incidents) counts.set(severityOf(incident), counts.get(severityOf(incident)) + 1);
  return [...counts].filter(([, n]) => n > 0);
}
