'use strict';

// The page: an index if there are several inputs, then each report.

function reportSection(report, number_) {
  const end = extent(report);
  const url = String(report.input?.url ?? UNKNOWN);
  const section = h(
    'article',
    {class: 'report', id: `report-${number_}`, 'aria-labelledby': `title-${number_}`},
    h(
      'header',
      {class: 'title-head'},
      h('h2', {id: `title-${number_}`}, baseName(url)),
      baseName(url) === url ? null : h('p', {class: 'url'}, url),
    ),
    h('div', {class: 'overview'}, verdict(report, end), statistics(report)),
    facts(report),
    timeline(report, end, number_),
    incidentList(report, end, number_),
  );
  connect(section, report, end);
  return section;
}

function index(reports) {
  const rows = reports.map((report, i) => {
    const counts = severityCounts(report.incidents);
    return h(
      'tr',
      {},
      h('th', {scope: 'row'}, h('a', {href: `#report-${i + 1}`}, baseName(report.input?.url))),
      h(
        'td',
        {},
        counts.length
          ? h(
              'ul',
              {class: 'legend'},
              counts.map(([severity, n]) =>
                h('li', {class: `is-${severity}`}, h('b', {}, number(n, 0)), ` ${severity}`),
              ),
            )
          : h('span', {class: 'clean'}, 'no incidents'),
        report.interrupted ? h('span', {class: 'interrupted'}, ' interrupted') : null,
      ),
      h('td', {class: 'figure'}, clock(report.input?.duration_s, 1)),
      h('td', {class: 'figure'}, number(report.measures?.integrated_loudness_lufs, 1)),
      h('td', {class: 'figure'}, number(report.measures?.true_peak_dbtp, 1)),
    );
  });
  const head = ['Input', 'Verdict', 'Duration', 'LUFS', 'dBTP'];
  return h(
    'nav',
    {class: 'panel index', 'aria-label': 'Inputs'},
    h('h3', {}, count(reports.length, 'input')),
    h(
      'div',
      {class: 'scroll'},
      h(
        'table',
        {},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            head.map((name, i) => h('th', {scope: 'col', class: i > 1 ? 'figure' : null}, name)),
          ),
        ),
        h('tbody', {}, rows),
      ),
    ),
  );
}

function draw() {
  const reports = JSON.parse(document.getElementById('data').textContent);
  for (const report of reports) report.incidents ??= [];
  const main = document.getElementById('main');
  const tool = reports[0]?.tool ?? {};
  document.getElementById('tool').textContent = [tool.version, tool.cpu].filter(Boolean).join(' \u00b7 ');
  document.title =
    reports.length === 1
      ? `${baseName(reports[0].input?.url)} \u2013 Monolens report`
      : `${count(reports.length, 'input')} \u2013 Monolens report`;
  main.replaceChildren(
    ...(reports.length === 1 ? [] : [index(reports)]),
    ...reports.map((report, i) => reportSection(report, i + 1)),
  );
  document.addEventListener('scroll', hideTooltip, {passive: true});
}

draw();
