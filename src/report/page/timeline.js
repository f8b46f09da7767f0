'use strict';

// The timeline: a row a kind, then the curves, on one axis.

function tickStep(seconds) {
  const steps = [
    0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200,
  ];
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
    const last = i * step > end * 0.97;
    ticks.push(
      h(
        'div',
        {class: `tick${i % 2 ? ' odd' : ''}${last ? ' last' : ''}`, '--at': at(i * step, end)},
        h('span', {}, tickLabel(i * step, step)),
      ),
    );
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
  return h('button', {
    type: 'button',
    class: `bar is-${severityOf(incident)}`,
    tabindex: first ? 0 : -1,
    'data-index': index,
    'data-id': incident.id,
    'aria-label': describe(incident),
    '--at': at(incident.start_s, end),
    '--span': at(stop - incident.start_s, end),
  });
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
    const seconds =
      summary?.seconds ??
      covered(
        entries.map((e) => e.incident),
        end,
      );
    return h(
      'div',
      {class: 'row', 'data-kind': kind, role: 'group', 'aria-label': `${kind}: ${count(n, 'incident')}`},
      h(
        'div',
        {class: 'label'},
        kindLabel(kind),
        h('span', {class: 'tally'}, (n > 1 ? `${number(n, 0)} \u00d7 \u00b7 ` : '') + length(seconds)),
      ),
      h(
        'div',
        {class: 'track'},
        entries.map((entry, i) => bar(entry, end, i === 0)),
      ),
    );
  });
}

// The path of a curve as steps, because a point stands for the whole of its step. x in seconds, y from 0
// (top) to 100; `close` brings each piece down to the base, to be filled.
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
  if (curve.high !== null)
    return {
      top: curve.high,
      height: (v) => 100 - Math.min(1, Math.max(0, (v - curve.low) / (curve.high - curve.low))) * 100,
    };
  const top = values.reduce((most, v) => (known(v) ? Math.max(most, v) : most), 1);
  return {top: Math.ceil(top), height: (v) => 100 - Math.sqrt(Math.max(0, v) / Math.ceil(top)) * 100};
}

function drawing(curve, values, step, from, to) {
  const {height} = curveHeight(curve, values);
  return svg(
    'svg',
    {
      class: `curve ${curve.css}`,
      viewBox: `${from} 0 ${to - from} 100`,
      preserveAspectRatio: 'none',
      'aria-hidden': 'true',
    },
    svg('path', {class: 'area', d: stairs(values, step, height, true)}),
    svg('path', {class: 'line', d: stairs(values, step, height, false)}),
  );
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
    return h(
      'div',
      {class: 'row curves', 'data-curve': curve.key},
      h(
        'div',
        {class: 'label'},
        h(
          'span',
          {class: 'kind'},
          curve.name,
          curve.high === null
            ? h('span', {class: 'group', title: 'The scale is a square root'}, ' \u221a')
            : null,
        ),
        h('span', {class: 'tally', 'data-range': range}, range),
      ),
      h(
        'div',
        {class: 'track', role: 'img', 'aria-label': `${curve.name} over time, from ${range}`},
        drawing(curve, values, step, 0, end),
        h('span', {class: 'scale high'}, number(top, 0)),
        h('span', {class: 'scale low'}, number(curve.low, 0)),
      ),
    );
  });
}

function quietDetectors(report) {
  const loud = new Set(report.incidents.map((i) => i.detector));
  const names = (report.detectors ?? [])
    .map((d) => (typeof d === 'string' ? d : d?.name))
    .filter((n) => n && !loud.has(n));
  if (!names.length) return null;
  return h('p', {class: 'quiet'}, h('span', {}, 'Nothing found by '), names.map(words).join(', '));
}

function timeline(report, end, number_) {
  const heading = h('h3', {id: `timeline-${number_}`}, 'Timeline');
  if (!(end > 0)) {
    return h(
      'section',
      {class: 'panel'},
      heading,
      h('p', {class: 'empty'}, 'Nothing in this input has a place in time.'),
    );
  }
  const aside = known(report.input?.duration_s)
    ? null
    : h('span', {class: 'aside'}, `duration unknown, shown to ${clock(end)}`);
  const plot = h(
    'div',
    {class: 'plot', 'aria-hidden': 'true'},
    axis(end),
    h('div', {class: 'band', hidden: true}),
    h('div', {class: 'cursor', hidden: true}, h('span', {})),
  );
  const rows = kindRows(report, end);
  const curves = curveRows(report, end);
  const body = h(
    'div',
    {class: 'timeline'},
    plot,
    h('div', {class: 'row head'}),
    rows.length
      ? rows
      : h('div', {class: 'row'}, h('div', {class: 'label'}), h('div', {class: 'track none'}, 'no incidents')),
    curves,
  );
  return h(
    'section',
    {class: 'panel', 'aria-labelledby': `timeline-${number_}`},
    h('header', {class: 'bar-head'}, heading, aside),
    body,
    quietDetectors(report),
  );
}
