'use strict';

// The list of incidents, and its filter.

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
  image.prepend(
    svg('rect', {
      class: `span is-${severityOf(incident)}`,
      x: incident.start_s,
      y: 0,
      width: Math.max((to - from) / 80, stop - incident.start_s),
      height: 100,
    }),
  );
  return h(
    'div',
    {class: 'picture sound', role: 'img', 'aria-label': `Loudness from ${clock(from)} to ${clock(to)}`},
    image,
    h('span', {class: 'from'}, tickLabel(from, 1)),
    h('span', {class: 'to'}, tickLabel(to, 1)),
  );
}

// A picture of a map of blocks, to be laid over the frame: runs of one level, see docs/report.md.
function mapOverlay(map, video) {
  if (!map || !known(video?.width) || !known(video?.height)) return null;
  const scale = 4 / map.block;
  const canvas = h('canvas', {width: video.width * scale, height: video.height * scale});
  const context = canvas.getContext('2d');
  let at = 0;
  for (const run of atob(map.runs)) {
    const level = run.charCodeAt(0) >> 4;
    const end = at + (run.charCodeAt(0) & 15) + 1;
    context.fillStyle = `rgb(255 0 128 / ${(level / 15) * 0.6})`;
    for (; at < end; ++at) context.fillRect((at % map.columns) * 4, Math.floor(at / map.columns) * 4, 4, 4);
  }
  return canvas.toDataURL('image/png');
}

function evidence(report, incident, end) {
  const frame = picture(incident.evidence?.frame);
  if (!frame) {
    const sound = incident.kind.startsWith('audio.') ? soundbite(report, incident, end) : null;
    return sound ?? h('div', {class: 'picture none'}, 'no picture');
  }
  const overlay =
    picture(incident.evidence.overlay) ?? mapOverlay(incident.evidence.map, report.input?.video);
  const images = () => [
    h('img', {src: frame, alt: '', decoding: 'async'}),
    overlay ? h('img', {class: 'overlay', src: overlay, alt: '', decoding: 'async'}) : null,
  ];
  return h(
    'button',
    {
      type: 'button',
      class: 'picture',
      'aria-label': `Enlarge the picture of ${incident.kind} at ${clock(incident.start_s)}`,
      onclick: () => view(incident, images()),
    },
    images(),
  );
}

function view(incident, images) {
  const viewer = document.getElementById('viewer');
  viewer.replaceChildren(
    h('div', {class: 'stack'}, images),
    h(
      'p',
      {},
      `${incident.kind} \u00b7 ${clock(incident.start_s)}`,
      h('button', {type: 'button', onclick: () => viewer.close()}, 'Close'),
    ),
  );
  viewer.showModal();
}

function incidentItem(report, incident, index, end, number_) {
  const seconds = known(incident.end_s) ? incident.end_s - incident.start_s : null;
  const measures = Object.entries(incident.measures ?? {}).map(([name, value]) => measure(name, value));
  measures.unshift(['confidence', percent(incident.confidence)]);
  const by = [incident.detector ? `by ${incident.detector}` : null, trackName(incident.track)]
    .filter(Boolean)
    .join(' \u00b7 ');
  return h(
    'li',
    {
      id: `incident-${number_}-${index}`,
      class: `incident is-${severityOf(incident)}`,
      tabindex: -1,
      'data-index': index,
      'data-kind': incident.kind,
      'data-severity': severityOf(incident),
    },
    evidence(report, incident, end),
    h(
      'div',
      {class: 'what'},
      h(
        'p',
        {class: 'title'},
        h('span', {class: `severity is-${severityOf(incident)}`}, severityOf(incident)),
        kindLabel(incident.kind),
      ),
      h('p', {class: 'note'}, incident.evidence?.note ?? ''),
      h('p', {class: 'by'}, by),
    ),
    h(
      'div',
      {class: 'when'},
      h('button', {type: 'button', class: 'time', title: 'Show on the timeline'}, interval(incident)),
      h('p', {class: 'length'}, length(seconds)),
    ),
    h(
      'dl',
      {class: 'measures'},
      measures.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
    ),
  );
}

function filters(report, apply) {
  const severities = severityCounts(report.incidents).map(([severity, n]) =>
    h(
      'button',
      {
        type: 'button',
        class: `chip is-${severity}`,
        'aria-pressed': 'true',
        'data-severity': severity,
        onclick: (event) => {
          const chip = event.currentTarget;
          chip.setAttribute('aria-pressed', String(chip.getAttribute('aria-pressed') !== 'true'));
          apply();
        },
      },
      severity,
      h('span', {class: 'n'}, number(n, 0)),
    ),
  );
  const kinds = [...new Set(report.incidents.map((i) => i.kind))].sort(
    (a, b) => kindRank(a) - kindRank(b) || (a < b ? -1 : 1),
  );
  const select = h(
    'select',
    {'aria-label': 'Kind', onchange: apply},
    h('option', {value: ''}, 'All kinds'),
    kinds.map((kind) => h('option', {value: kind}, kind)),
  );
  return h('div', {class: 'filters', role: 'group', 'aria-label': 'Filter'}, severities, select);
}

function incidentList(report, end, number_) {
  const heading = h('h3', {id: `incidents-${number_}`}, 'Incidents');
  if (!report.incidents.length) return null;
  const order = report.incidents
    .map((incident, index) => ({incident, index}))
    .sort((a, b) => a.incident.start_s - b.incident.start_s);
  const list = h(
    'ol',
    {class: 'list'},
    order.map(({incident, index}) => incidentItem(report, incident, index, end, number_)),
  );
  const shown = h('span', {class: 'aside', role: 'status'});
  const section = h('section', {class: 'panel incidents', 'aria-labelledby': `incidents-${number_}`});
  const apply = () => {
    const pressed = new Set(
      [...section.querySelectorAll('.chip[aria-pressed=true]')].map((chip) => chip.dataset.severity),
    );
    const kind = section.querySelector('select').value;
    const passes = ({incident}) => pressed.has(severityOf(incident)) && (!kind || incident.kind === kind);
    const passing = new Set(order.filter(passes).map(({index}) => String(index)));
    for (const item of list.children) item.hidden = !passing.has(item.dataset.index);
    for (const mark of section.parentElement.querySelectorAll('.timeline .bar'))
      mark.classList.toggle('faded', !passing.has(mark.dataset.index));
    shown.textContent =
      passing.size === order.length ? '' : `${number(passing.size, 0)} of ${number(order.length, 0)} shown`;
  };
  section.append(h('header', {class: 'bar-head'}, heading, shown, filters(report, apply)), list);
  section.reset = () => {
    for (const chip of section.querySelectorAll('.chip')) chip.setAttribute('aria-pressed', 'true');
    section.querySelector('select').value = '';
    apply();
  };
  return section;
}
