'use strict';

// The page draws itself from the reports in #data. Data only ever becomes text, attributes of elements made here,
// or lengths: nothing is parsed as HTML.

const SEVERITIES = ['critical', 'major', 'minor', 'info'];
const GROUPS = ['video', 'audio', 'av', 'transport', 'monitor'];
const UNKNOWN = '\u2013';
const MINUS = '\u2212';
const CURVES = [
  {key: 'loudness_lufs', name: 'Loudness', unit: 'LUFS', low: -60, high: 0, digits: 1, css: 'loudness'},
  {key: 'luma', name: 'Luma', unit: '', low: 0, high: 255, digits: 0, css: 'luma'},
  {key: 'motion', name: 'Motion', unit: '', low: 0, high: null, digits: 2, css: 'motion'},
];
const UNITS = [
  ['_lufs', 'LUFS'], ['_dbtp', 'dBTP'], ['_dbfs', 'dBFS'], ['_db', 'dB'], ['_lu', 'LU'], ['_hz', 'Hz'],
  ['_ms', 'ms'], ['_s', 's'], ['_px', 'px'], ['_per_s', '/s'],
];
const SHARES = ['_share', '_ratio', '_fraction'];

// ---- making elements

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name.startsWith('--')) element.style.setProperty(name, value);
    else if (value === true) element.setAttribute(name, '');
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

// ---- words for numbers

const known = (value) => typeof value === 'number' && Number.isFinite(value);

function number(value, digits) {
  if (!known(value)) return UNKNOWN;
  const text = Math.abs(value).toLocaleString('en-US', {maximumFractionDigits: digits, minimumFractionDigits: digits});
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

function significant(value) {
  if (Number.isInteger(value)) return number(value, 0);
  return number(value, Math.abs(value) >= 100 ? 1 : Math.abs(value) >= 1 ? 2 : 4);
}

function clock(seconds, digits = 3) {
  if (!known(seconds)) return UNKNOWN;
  const scale = 10 ** digits;
  let units = Math.round(Math.abs(seconds) * scale);
  const fraction = String(units % scale).padStart(digits, '0');
  units = Math.floor(units / scale);
  const pad = (n) => String(n).padStart(2, '0');
  const text = `${pad(Math.floor(units / 3600))}:${pad(Math.floor(units / 60) % 60)}:${pad(units % 60)}`;
  return (seconds < 0 ? MINUS : '') + text + (digits ? '.' + fraction : '');
}

function length(seconds) {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 1) return `${number(seconds * 1000, 0)} ms`;
  if (seconds < 60) return `${number(seconds, 2)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

const percent = (share, digits = 0) => (known(share) ? `${number(share * 100, digits)}\u00a0%` : UNKNOWN);

const count = (n, word) => `${number(n, 0)} ${word}${n === 1 ? '' : 's'}`;

// A measure's value with the unit that its name ends in: offset_ms 80 is 'offset', '80 ms'.
function measure(name, value) {
  const share = SHARES.find((suffix) => name.endsWith(suffix));
  if (share && known(value)) return [words(name), percent(value, 1)];
  const unit = UNITS.find(([suffix]) => name.endsWith(suffix));
  const label = words(unit ? name.slice(0, -unit[0].length) : name);
  return [label, unit ? `${plain(value)}\u00a0${unit[1]}` : plain(value)];
}

const words = (name) => name.replaceAll('_', ' ');

function plain(value) {
  if (value === null || value === undefined) return UNKNOWN;
  if (known(value)) return significant(value);
  if (Array.isArray(value)) return value.map(plain).join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

// ---- reading a report

const severityOf = (incident) => (SEVERITIES.includes(incident.severity) ? incident.severity : 'info');

function kindRank(kind) {
  const group = GROUPS.indexOf(kind.split('.')[0]);
  return group < 0 ? GROUPS.length : group;
}

// The seconds that the timeline shows: the input's duration, or as far as anything in the report reaches.
function extent(report) {
  let end = known(report.input?.duration_s) ? report.input.duration_s : 0;
  for (const incident of report.incidents) end = Math.max(end, incident.end_s ?? incident.start_s);
  if (end > 0) return end;
  const step = report.curves?.step_s ?? 0;
  return Math.max(0, ...CURVES.map(({key}) => (report.curves?.[key]?.length ?? 0) * step));
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
  const path = String(url ?? UNKNOWN).replace(/[?#].*$/, '').replace(/\/+$/, '');
  return path.slice(path.lastIndexOf('/') + 1) || String(url);
}

function trackName(track) {
  if (!track) return null;
  const language = track.language ? ` (${track.language})` : '';
  return `${track.type ?? 'track'} ${(track.index ?? 0) + 1}${language}`;
}

const picture = (url) => (typeof url === 'string' && /^data:image\/(jpeg|png|webp);base64,/.test(url) ? url : null);

function severityCounts(incidents) {
  const counts = new Map(SEVERITIES.map((severity) => [severity, 0]));
  for (const incident of incidents) counts.set(severityOf(incident), counts.get(severityOf(incident)) + 1);
  return [...counts].filter(([, n]) => n > 0);
}

// ---- the head of a report: verdict, measures, facts

function verdict(report, end) {
  const counts = severityCounts(report.incidents);
  const total = report.incidents.length;
  const worst = total ? counts[0][0] : 'clean';
  const box = h('section', {class: `verdict is-${worst}`, 'aria-label': 'Verdict'},
    h('p', {class: 'headline'}, total ? count(total, 'incident') : 'No incidents'));
  if (!total) {
    const detectors = report.detectors?.length;
    box.append(h('p', {class: 'detail'}, detectors ? `${count(detectors, 'detector')} watched to the end.` : 'Nothing was found.'));
  } else {
    box.append(
      h('div', {class: 'shares', 'aria-hidden': 'true'},
        counts.map(([severity, n]) => h('span', {class: `is-${severity}`, '--share': n}))),
      h('ul', {class: 'legend'}, counts.map(([severity, n]) =>
        h('li', {class: `is-${severity}`}, h('b', {}, number(n, 0)), ` ${severity}`))));
    const seconds = covered(report.incidents.filter((i) => severityOf(i) === 'critical'), end);
    if (seconds > 0) {
      box.append(h('p', {class: 'detail'}, `No service for ${length(seconds)}, ${percent(seconds / end, 1)} of the time.`));
    }
  }
  if (report.interrupted) {
    box.append(h('p', {class: 'detail interrupted'}, 'Interrupted: this is what was analysed until then.'));
  }
  return box;
}

function statistic(name, value, unit, note) {
  return h('div', {class: 'statistic'}, h('dt', {}, name),
    h('dd', {}, value === null ? h('span', {class: 'unmeasured'}, 'not measured') : [
      h('span', {class: 'value'}, value), h('span', {class: 'unit'}, ` ${unit}`)],
    note ? h('span', {class: 'aside'}, note) : null));
}

function statistics(report) {
  const m = report.measures ?? {};
  const shown = (value, digits) => (known(value) ? number(value, digits) : null);
  const offset = m.av_offset_ms;
  const late = known(offset) && Math.round(offset) !== 0 ? (offset > 0 ? 'sound late' : 'sound early') : null;
  return h('dl', {class: 'statistics', 'aria-label': 'Measures'},
    statistic('Integrated loudness', shown(m.integrated_loudness_lufs, 1), 'LUFS'),
    statistic('True peak', shown(m.true_peak_dbtp, 1), 'dBTP'),
    statistic('A/V offset', known(offset) ? (offset > 0 ? '+' : '') + number(offset, 0) : null, 'ms', late));
}

function videoFact(video) {
  if (!video) return 'none';
  const parts = [video.codec, known(video.width) ? `${video.width}\u00d7${video.height}` : null,
    known(video.fps) ? `${significant(video.fps)} fps` : null, video.pixel_format];
  return parts.filter(Boolean).join(' \u00b7 ');
}

function audioFact(audio, tracks) {
  if (!audio) return 'none';
  const parts = [audio.codec, known(audio.sample_rate) ? `${number(audio.sample_rate / 1000, audio.sample_rate % 1000 ? 1 : 0)} kHz` : null,
    known(audio.channels) ? ({1: 'mono', 2: 'stereo'}[audio.channels] ?? `${audio.channels} channels`) : null,
    tracks > 1 ? `${tracks} tracks` : null];
  return parts.filter(Boolean).join(' \u00b7 ');
}

function facts(report) {
  const input = report.input ?? {};
  const done = report.analysed ?? {};
  const tracks = Array.isArray(input.audio_tracks) ? input.audio_tracks.length : input.audio_tracks;
  const analysed = [known(done.video_frames) && input.video ? `${count(done.video_frames, 'frame')}` : null,
    known(done.audio_samples) && input.audio ? `${count(done.audio_samples, 'sample')}` : null];
  const speed = known(done.wall_s) && done.wall_s > 0 && known(input.duration_s) ? `${number(input.duration_s / done.wall_s, 1)}\u00d7 real time` : null;
  const cost = [known(done.wall_s) ? length(done.wall_s) : null, speed, known(done.cpu_s) ? `${length(done.cpu_s)} of CPU` : null];
  const joined = (parts) => parts.filter(Boolean).join(' \u00b7 ') || UNKNOWN;
  const rows = [
    ['Container', input.format ?? UNKNOWN],
    ['Duration', known(input.duration_s) ? clock(input.duration_s) : 'unknown'],
    ['Video', videoFact(input.video)],
    ['Audio', audioFact(input.audio, tracks)],
    ['Program', input.program === null || input.program === undefined ? null : plain(input.program?.id ?? input.program)],
    ['Analysed', joined(analysed)],
    ['Took', joined(cost)],
    ['Profile', report.profile ?? null],
  ];
  return h('dl', {class: 'facts', 'aria-label': 'Facts'}, rows.filter(([, value]) => value !== null)
    .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
}

// ---- the timeline: a row a kind, then the curves, on one axis

function tickStep(seconds) {
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200];
  return steps.find((step) => seconds / step <= 10) ?? Math.ceil(seconds / 10 / 86400) * 86400;
}

function tickLabel(seconds, step) {
  const text = clock(seconds, step < 1 ? 1 : 0);
  return text.startsWith('00:') ? text.slice(3) : text;
}

const at = (seconds, end) => `${Math.min(100, Math.max(0, (seconds / end) * 100)).toFixed(4)}%`;

function axis(end) {
  const step = tickStep(end);
  const ticks = [];
  for (let i = 0; i * step <= end * (1 + 1e-9); ++i) {
    ticks.push(h('div', {class: i % 2 ? 'tick odd' : 'tick', '--at': at(i * step, end)},
      h('span', {}, tickLabel(i * step, step))));
  }
  return ticks;
}

function describe(incident) {
  const when = `${clock(incident.start_s)} to ${known(incident.end_s) ? clock(incident.end_s) : 'the end'}`;
  return `${incident.kind}, ${severityOf(incident)}, ${when}. ${incident.evidence?.note ?? ''}`;
}

function bar(entry, end, first) {
  const {incident, index} = entry;
  const stop = incident.end_s ?? end;
  return h('button', {type: 'button', class: `bar is-${severityOf(incident)}`, tabindex: first ? 0 : -1,
    'data-index': index, 'data-id': incident.id, 'aria-label': describe(incident),
    '--at': at(incident.start_s, end), '--span': at(stop - incident.start_s, end)});
}

function kindLabel(kind) {
  const dot = kind.indexOf('.');
  return h('span', {class: 'kind'}, h('span', {class: 'group'}, kind.slice(0, dot + 1)), kind.slice(dot + 1));
}

function kindRows(report, end) {
  const kinds = new Map();
  report.incidents.forEach((incident, index) => {
    if (!kinds.has(incident.kind)) kinds.set(incident.kind, []);
    kinds.get(incident.kind).push({incident, index});
  });
  const order = [...kinds].sort(([a], [b]) => kindRank(a) - kindRank(b) || (a < b ? -1 : 1));
  return order.map(([kind, entries]) => {
    entries.sort((a, b) => a.incident.start_s - b.incident.start_s);
    const summary = report.summary?.[kind];
    const n = summary?.count ?? entries.length;
    const seconds = summary?.seconds ?? covered(entries.map((e) => e.incident), end);
    return h('div', {class: 'row', 'data-kind': kind, role: 'group', 'aria-label': `${kind}: ${count(n, 'incident')}`},
      h('div', {class: 'label'}, kindLabel(kind), h('span', {class: 'tally'}, `${number(n, 0)} \u00d7 \u00b7 ${length(seconds)}`)),
      h('div', {class: 'track'}, entries.map((entry, i) => bar(entry, end, i === 0))));
  });
}

// The path of a curve as steps, because a point stands for the whole of its step. x in seconds, y from 0 (top)
// to 100; `close` brings each piece down to the base, to be filled.
function stairs(values, step, height, close) {
  let path = '';
  let open = false;
  values.forEach((value, i) => {
    if (!known(value)) {
      if (open && close) path += 'V100Z';
      open = false;
      return;
    }
    const y = height(value).toFixed(2);
    if (open) path += `V${y}`;
    else path += close ? `M${i * step} 100V${y}` : `M${i * step} ${y}`;
    path += `H${((i + 1) * step).toFixed(4)}`;
    open = true;
  });
  return open && close ? path + 'V100Z' : path;
}

// Motion spans four decades from encoder noise to a cut, so its scale is a square root.
function curveHeight(curve, values) {
  if (curve.high !== null) return {top: curve.high, height: (v) => 100 - (Math.min(1, Math.max(0, (v - curve.low) / (curve.high - curve.low))) * 100)};
  const top = values.reduce((most, v) => (known(v) ? Math.max(most, v) : most), 1);
  return {top: Math.ceil(top), height: (v) => 100 - Math.sqrt(Math.max(0, v) / Math.ceil(top)) * 100};
}

function drawing(curve, values, step, from, to) {
  const {height} = curveHeight(curve, values);
  return svg('svg', {class: `curve ${curve.css}`, viewBox: `${from} 0 ${to - from} 100`, preserveAspectRatio: 'none', 'aria-hidden': 'true'},
    svg('path', {class: 'area', d: stairs(values, step, height, true)}),
    svg('path', {class: 'line', d: stairs(values, step, height, false)}));
}

function curveRows(report, end) {
  const step = report.curves?.step_s;
  if (!known(step)) return [];
  return CURVES.filter(({key}) => report.curves[key]?.some(known)).map((curve) => {
    const values = report.curves[curve.key];
    const numbers = values.filter(known);
    const lowest = numbers.reduce((a, b) => Math.min(a, b));
    const highest = numbers.reduce((a, b) => Math.max(a, b));
    const range = `${number(lowest, curve.digits)} to ${number(highest, curve.digits)} ${curve.unit}`.trim();
    const {top} = curveHeight(curve, values);
    return h('div', {class: 'row curves', 'data-curve': curve.key},
      h('div', {class: 'label'},
        h('span', {class: 'kind'}, curve.name, curve.unit ? h('span', {class: 'group'}, ` ${curve.unit}`) : null),
        h('span', {class: 'tally', 'data-range': range}, range)),
      h('div', {class: 'track', role: 'img', 'aria-label': `${curve.name} over time, from ${range}`},
        drawing(curve, values, step, 0, end),
        h('span', {class: 'scale high'}, number(top, 0)), h('span', {class: 'scale low'}, number(curve.low, 0))));
  });
}

function quietDetectors(report) {
  const loud = new Set(report.incidents.map((i) => i.detector));
  const names = (report.detectors ?? []).map((d) => (typeof d === 'string' ? d : d?.name)).filter((n) => n && !loud.has(n));
  if (!names.length) return null;
  return h('p', {class: 'quiet'}, h('span', {}, 'Nothing found by '), names.map(words).join(', '));
}

function timeline(report, end, number_) {
  const heading = h('h3', {id: `timeline-${number_}`}, 'Timeline');
  if (!(end > 0)) {
    return h('section', {class: 'panel'}, heading, h('p', {class: 'empty'}, 'Nothing in this input has a place in time.'));
  }
  const aside = known(report.input?.duration_s) ? null : h('span', {class: 'aside'}, `duration unknown, shown to ${clock(end)}`);
  const plot = h('div', {class: 'plot', 'aria-hidden': 'true'}, axis(end),
    h('div', {class: 'band', hidden: true}), h('div', {class: 'cursor', hidden: true}, h('span', {})));
  const rows = kindRows(report, end);
  const curves = curveRows(report, end);
  const body = h('div', {class: 'timeline'}, plot, h('div', {class: 'row head'}),
    rows.length ? rows : h('div', {class: 'row'}, h('div', {class: 'label'}), h('div', {class: 'track none'}, 'no incidents')), curves);
  return h('section', {class: 'panel', 'aria-labelledby': `timeline-${number_}`},
    h('header', {class: 'bar-head'}, heading, aside), body, quietDetectors(report));
}

// ---- the list of incidents

// What stands for a picture when a sound has none: the loudness around it.
function soundbite(report, incident, end) {
  const step = report.curves?.step_s;
  const values = report.curves?.loudness_lufs;
  if (!known(step) || !values?.some(known)) return null;
  const stop = incident.end_s ?? end;
  const pad = Math.max(3, (stop - incident.start_s) / 2);
  const from = Math.max(0, incident.start_s - pad);
  const to = Math.max(from + step, Math.min(end, stop + pad));
  const first = Math.floor(from / step);
  const near = values.slice(0, Math.ceil(to / step)).map((v, i) => (i < first ? null : v));
  const image = drawing(CURVES[0], near, step, from, to);
  image.prepend(svg('rect', {class: `span is-${severityOf(incident)}`, x: incident.start_s, y: 0, width: Math.max((to - from) / 80, stop - incident.start_s), height: 100}));
  return h('div', {class: 'picture sound', role: 'img', 'aria-label': `Loudness from ${clock(from)} to ${clock(to)}`}, image,
    h('span', {class: 'from'}, tickLabel(from, 1)), h('span', {class: 'to'}, tickLabel(to, 1)));
}

function evidence(report, incident, end) {
  const frame = picture(incident.evidence?.frame);
  if (!frame) {
    const sound = incident.kind.startsWith('audio.') ? soundbite(report, incident, end) : null;
    return sound ?? h('div', {class: 'picture none'}, 'no picture');
  }
  const overlay = picture(incident.evidence.overlay);
  const images = () => [h('img', {src: frame, alt: '', decoding: 'async'}), overlay ? h('img', {class: 'overlay', src: overlay, alt: '', decoding: 'async'}) : null];
  return h('button', {type: 'button', class: 'picture', 'aria-label': `Enlarge the picture of ${incident.kind} at ${clock(incident.start_s)}`,
    onclick: () => view(incident, images())}, images());
}

function view(incident, images) {
  const viewer = document.getElementById('viewer');
  viewer.replaceChildren(h('div', {class: 'stack'}, images),
    h('p', {}, `${incident.kind} \u00b7 ${clock(incident.start_s)}`, h('button', {type: 'button', onclick: () => viewer.close()}, 'Close')));
  viewer.showModal();
}

function incidentItem(report, incident, index, end, number_) {
  const seconds = known(incident.end_s) ? incident.end_s - incident.start_s : null;
  const measures = Object.entries(incident.measures ?? {}).map(([name, value]) => measure(name, value));
  measures.unshift(['confidence', percent(incident.confidence)]);
  const by = [incident.detector ? `by ${incident.detector}` : null, trackName(incident.track)].filter(Boolean).join(' \u00b7 ');
  return h('li', {id: `incident-${number_}-${index}`, class: `incident is-${severityOf(incident)}`, tabindex: -1, 'data-index': index, 'data-kind': incident.kind, 'data-severity': severityOf(incident)},
    evidence(report, incident, end),
    h('div', {class: 'what'},
      h('p', {class: 'title'}, h('span', {class: `severity is-${severityOf(incident)}`}, severityOf(incident)), kindLabel(incident.kind)),
      h('p', {class: 'note'}, incident.evidence?.note ?? ''),
      h('p', {class: 'by'}, by)),
    h('div', {class: 'when'},
      h('button', {type: 'button', class: 'time', title: 'Show on the timeline'},
        h('span', {}, clock(incident.start_s)), ' \u2013 ', h('span', {}, known(incident.end_s) ? clock(incident.end_s) : 'end')),
      h('p', {class: 'length'}, length(seconds))),
    h('dl', {class: 'measures'}, measures.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))));
}

function filters(report, apply) {
  const severities = severityCounts(report.incidents).map(([severity, n]) =>
    h('button', {type: 'button', class: `chip is-${severity}`, 'aria-pressed': 'true', 'data-severity': severity,
      onclick: (event) => {
        const chip = event.currentTarget;
        chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'));
        apply();
      }}, severity, h('span', {class: 'n'}, number(n, 0))));
  const kinds = [...new Set(report.incidents.map((i) => i.kind))].sort((a, b) => kindRank(a) - kindRank(b) || (a < b ? -1 : 1));
  const select = h('select', {'aria-label': 'Kind', onchange: apply}, h('option', {value: ''}, 'All kinds'),
    kinds.map((kind) => h('option', {value: kind}, kind)));
  return h('div', {class: 'filters', role: 'group', 'aria-label': 'Filter'}, severities, select);
}

function incidentList(report, end, number_) {
  const heading = h('h3', {id: `incidents-${number_}`}, 'Incidents');
  if (!report.incidents.length) return null;
  const order = report.incidents.map((incident, index) => ({incident, index})).sort((a, b) => a.incident.start_s - b.incident.start_s);
  const list = h('ol', {class: 'list'}, order.map(({incident, index}) => incidentItem(report, incident, index, end, number_)));
  const shown = h('span', {class: 'aside', role: 'status'});
  const section = h('section', {class: 'panel incidents', 'aria-labelledby': `incidents-${number_}`});
  const apply = () => {
    const pressed = new Set([...section.querySelectorAll('.chip[aria-pressed=true]')].map((chip) => chip.dataset.severity));
    const kind = section.querySelector('select').value;
    const passes = ({incident}) => pressed.has(severityOf(incident)) && (!kind || incident.kind === kind);
    const passing = new Set(order.filter(passes).map(({index}) => String(index)));
    for (const item of list.children) item.hidden = !passing.has(item.dataset.index);
    for (const mark of section.parentElement.querySelectorAll('.timeline .bar')) mark.classList.toggle('faded', !passing.has(mark.dataset.index));
    shown.textContent = passing.size === order.length ? '' : `${number(passing.size, 0)} of ${number(order.length, 0)} shown`;
  };
  section.append(h('header', {class: 'bar-head'}, heading, shown, filters(report, apply)), list);
  section.reset = () => {
    for (const chip of section.querySelectorAll('.chip')) chip.setAttribute('aria-pressed', 'true');
    section.querySelector('select').value = '';
    apply();
  };
  return section;
}

// ---- pointing at the timeline

function showTooltip(mark, report) {
  const incident = report.incidents[Number(mark.dataset.index)];
  const tooltip = document.getElementById('tooltip');
  const frame = picture(incident.evidence?.frame);
  const seconds = known(incident.end_s) ? length(incident.end_s - incident.start_s) : 'to the end';
  tooltip.replaceChildren(...[
    frame ? h('img', {src: frame, alt: ''}) : null,
    h('p', {class: 'title'}, h('span', {class: `severity is-${severityOf(incident)}`}, severityOf(incident)), kindLabel(incident.kind)),
    h('p', {}, `${clock(incident.start_s)} \u2013 ${known(incident.end_s) ? clock(incident.end_s) : 'end'} \u00b7 ${seconds}`),
    incident.evidence?.note ? h('p', {class: 'note'}, incident.evidence.note) : null].filter(Boolean));
  tooltip.hidden = false;
  const box = mark.getBoundingClientRect();
  const {offsetWidth: width, offsetHeight: height} = tooltip;
  const left = Math.min(Math.max(8, box.left + box.width / 2 - width / 2), document.documentElement.clientWidth - width - 8);
  const above = box.top - height - 8;
  tooltip.style.left = `${left}px`;
  tooltip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
}

function hideTooltip() { document.getElementById('tooltip').hidden = true; }

function showBand(body, incident, end) {
  const band = body.querySelector('.band');
  band.hidden = false;
  band.style.setProperty('--at', at(incident.start_s, end));
  band.style.setProperty('--span', at((incident.end_s ?? end) - incident.start_s, end));
}

function moveCursor(body, report, end, x) {
  const plot = body.querySelector('.plot').getBoundingClientRect();
  const cursor = body.querySelector('.cursor');
  const seconds = ((x - plot.left) / plot.width) * end;
  cursor.hidden = !(seconds >= 0 && seconds <= end);
  if (!cursor.hidden) {
    cursor.style.setProperty('--at', at(seconds, end));
    cursor.classList.toggle('flip', seconds > end * 0.9);
    cursor.firstChild.textContent = clock(seconds, end < 600 ? 2 : 0);
  }
  for (const curve of CURVES) {
    const tally = body.querySelector(`[data-curve=${curve.key}] .tally`);
    if (!tally) continue;
    const value = report.curves[curve.key][Math.floor(seconds / report.curves.step_s)];
    tally.textContent = cursor.hidden ? tally.dataset.range : `${number(value, curve.digits)} ${known(value) ? curve.unit : ''}`.trim();
  }
}

function neighbour(mark, key) {
  const row = mark.closest('.row');
  if (key === 'ArrowRight') return mark.nextElementSibling;
  if (key === 'ArrowLeft') return mark.previousElementSibling;
  if (key === 'Home') return mark.parentElement.firstElementChild;
  if (key === 'End') return mark.parentElement.lastElementChild;
  const other = key === 'ArrowDown' ? row.nextElementSibling : key === 'ArrowUp' ? row.previousElementSibling : null;
  const marks = [...(other?.querySelectorAll('.bar') ?? [])];
  const distance = (m) => Math.abs(m.offsetLeft - mark.offsetLeft);
  return marks.length ? marks.reduce((best, m) => (distance(m) < distance(best) ? m : best)) : null;
}

function reveal(section, index) {
  const list = section.querySelector('.incidents');
  const item = list.querySelector(`li[data-index="${index}"]`);
  if (item.hidden) list.reset();
  item.scrollIntoView({block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
  item.focus({preventScroll: true});
}

function connect(section, report, end) {
  const body = section.querySelector('.timeline');
  if (!body) return;
  const point = (event) => {
    const mark = event.target.closest('.bar');
    if (!mark) return;
    showTooltip(mark, report);
    showBand(body, report.incidents[Number(mark.dataset.index)], end);
  };
  const leave = () => { hideTooltip(); body.querySelector('.band').hidden = true; };
  body.addEventListener('pointerover', point);
  body.addEventListener('pointerout', leave);
  body.addEventListener('focusin', point);
  body.addEventListener('focusout', leave);
  body.addEventListener('pointermove', (event) => moveCursor(body, report, end, event.clientX));
  body.addEventListener('pointerleave', () => moveCursor(body, report, end, -Infinity));
  body.addEventListener('click', (event) => {
    const mark = event.target.closest('.bar');
    if (mark) reveal(section, mark.dataset.index);
  });
  body.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') leave();
    const next = event.target.matches('.bar') ? neighbour(event.target, event.key) : null;
    if (!next) return;
    event.preventDefault();
    for (const mark of next.parentElement.children) mark.tabIndex = mark === next ? 0 : -1;
    next.focus();
  });
  section.addEventListener('click', (event) => {
    const time = event.target.closest('.time');
    if (time) body.querySelector(`.bar[data-index="${time.closest('li').dataset.index}"]`).focus();
  });
}

// ---- the page

function reportSection(report, number_) {
  const end = extent(report);
  const url = String(report.input?.url ?? UNKNOWN);
  const section = h('article', {class: 'report', id: `report-${number_}`, 'aria-labelledby': `title-${number_}`},
    h('header', {class: 'title-head'}, h('h2', {id: `title-${number_}`}, baseName(url)), baseName(url) === url ? null : h('p', {class: 'url'}, url)),
    h('div', {class: 'overview'}, verdict(report, end), statistics(report)),
    facts(report), timeline(report, end, number_), incidentList(report, end, number_));
  connect(section, report, end);
  return section;
}

function index(reports) {
  const rows = reports.map((report, i) => {
    const counts = severityCounts(report.incidents);
    return h('tr', {},
      h('th', {scope: 'row'}, h('a', {href: `#report-${i + 1}`}, baseName(report.input?.url))),
      h('td', {}, counts.length ? h('ul', {class: 'legend'}, counts.map(([severity, n]) => h('li', {class: `is-${severity}`}, h('b', {}, number(n, 0)), ` ${severity}`)))
        : h('span', {class: 'clean'}, 'no incidents'), report.interrupted ? h('span', {class: 'interrupted'}, ' interrupted') : null),
      h('td', {class: 'figure'}, clock(report.input?.duration_s, 1)),
      h('td', {class: 'figure'}, number(report.measures?.integrated_loudness_lufs, 1)),
      h('td', {class: 'figure'}, number(report.measures?.true_peak_dbtp, 1)));
  });
  const head = ['Input', 'Verdict', 'Duration', 'LUFS', 'dBTP'];
  return h('nav', {class: 'panel index', 'aria-label': 'Inputs'}, h('h3', {}, count(reports.length, 'input')),
    h('div', {class: 'scroll'}, h('table', {}, h('thead', {}, h('tr', {}, head.map((name, i) => h('th', {scope: 'col', class: i > 1 ? 'figure' : null}, name)))), h('tbody', {}, rows))));
}

function draw() {
  const reports = JSON.parse(document.getElementById('data').textContent);
  for (const report of reports) report.incidents ??= [];
  const main = document.getElementById('main');
  const tool = reports[0]?.tool ?? {};
  document.getElementById('tool').textContent = [tool.version, tool.cpu].filter(Boolean).join(' \u00b7 ');
  document.title = reports.length === 1 ? `${baseName(reports[0].input?.url)} \u2013 Monolens report` : `${count(reports.length, 'input')} \u2013 Monolens report`;
  main.replaceChildren(...(reports.length === 1 ? [] : [index(reports)]), ...reports.map((report, i) => reportSection(report, i + 1)));
  document.addEventListener('scroll', hideTooltip, {passive: true});
}

draw();
