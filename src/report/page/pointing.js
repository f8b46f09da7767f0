'use strict';

// Pointing at the timeline: tooltip, reading cursor, keys, and the way from a bar to its incident and back.

function showTooltip(mark, report) {
  const incident = report.incidents[Number(mark.dataset.index)];
  const tooltip = document.getElementById('tooltip');
  const frame = picture(incident.evidence?.frame);
  const seconds = known(incident.end_s) ? length(incident.end_s - incident.start_s) : 'to the end';
  tooltip.replaceChildren(
    ...[
      frame ? h('img', {src: frame, alt: ''}) : null,
      h(
        'p',
        {class: 'title'},
        h('span', {class: `severity is-${severityOf(incident)}`}, severityOf(incident)),
        kindLabel(incident.kind),
      ),
      h('p', {}, `${interval(incident)} \u00b7 ${seconds}`),
      incident.evidence?.note ? h('p', {class: 'note'}, incident.evidence.note) : null,
    ].filter(Boolean),
  );
  tooltip.hidden = false;
  const box = mark.getBoundingClientRect();
  const {offsetWidth: width, offsetHeight: height} = tooltip;
  const left = Math.min(
    Math.max(8, box.left + box.width / 2 - width / 2),
    document.documentElement.clientWidth - width - 8,
  );
  const above = box.top - height - 8;
  tooltip.style.left = `${left}px`;
  tooltip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
}

function hideTooltip() {
  document.getElementById('tooltip').hidden = true;
}

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
    tally.textContent = cursor.hidden
      ? tally.dataset.range
      : `${number(value, curve.digits)} ${known(value) ? curve.unit : ''}`.trim();
  }
}

function neighbour(mark, key) {
  const row = mark.closest('.row');
  if (key === 'ArrowRight') return mark.nextElementSibling;
  if (key === 'ArrowLeft') return mark.previousElementSibling;
  if (key === 'Home') return mark.parentElement.firstElementChild;
  if (key === 'End') return mark.parentElement.lastElementChild;
  const other =
    key === 'ArrowDown' ? row.nextElementSibling : key === 'ArrowUp' ? row.previousElementSibling : null;
  const marks = [...(other?.querySelectorAll('.bar') ?? [])];
  const distance = (m) => Math.abs(m.offsetLeft - mark.offsetLeft);
  return marks.length ? marks.reduce((best, m) => (distance(m) < distance(best) ? m : best)) : null;
}

function reveal(section, index) {
  const list = section.querySelector('.incidents');
  const item = list.querySelector(`li[data-index="${index}"]`);
  if (item.hidden) list.reset();
  item.scrollIntoView({
    block: 'center',
    behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
  });
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
  const leave = () => {
    hideTooltip();
    body.querySelector('.band').hidden = true;
  };
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
