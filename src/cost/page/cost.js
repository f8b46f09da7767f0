'use strict';

// The page: a bar a bill, what was planned, and the prices that were used.

function comparison(bill) {
  if (bill.baseline) return 'the baseline';
  if (!known(bill.ratio)) return '';
  return `${significant(bill.ratio)} times the baseline`;
}

function billSection(bill, dearest, currency) {
  return h(
    'section',
    {class: 'bill', 'aria-label': `${bill.run}, ${bill.deployment}`},
    h(
      'p',
      {class: 'bill-head'},
      h('b', {}, bill.run),
      h('span', {class: 'aside'}, bill.deployment),
      h('span', {class: 'aside'}, comparison(bill)),
      h('span', {class: 'amount'}, money(bill.total, currency)),
    ),
    bar(bill, dearest),
    key(bill),
    lines(bill, currency),
  );
}

function table(name, head, rows) {
  return h(
    'section',
    {class: 'panel'},
    h('h3', {}, name),
    h(
      'div',
      {class: 'scroll'},
      h(
        'table',
        {class: 'lines'},
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            head.map((title) => h('th', {scope: 'col'}, title)),
          ),
        ),
        h(
          'tbody',
          {},
          rows.map((row) =>
            h(
              'tr',
              {},
              row.map((cell) => h('td', {}, cell)),
            ),
          ),
        ),
      ),
    ),
  );
}

function fleet(plans, currency) {
  if (!plans.length) return null;
  return table(
    'Fleet',
    ['Streams as', 'Streams', 'Instances', `Instances, ${currency} a month`, `Paid by use, ${currency} a month`, 'Ceiling by quota'],
    plans.map((p) => [
      p.run,
      number(p.streams, 0),
      number(p.instances, 0),
      number(p.instances_a_month, 2),
      number(p.by_use_a_month, 2),
      p.ceiling ? `${number(Math.min(p.ceiling.streams_by_transitions, p.ceiling.streams_by_starts), 0)} streams` : UNKNOWN,
    ]),
  );
}

function prices(book) {
  return table(
    `Prices: ${book.name}`,
    ['Price', 'Amount', 'Per', 'Region', 'Date', 'Source'],
    Object.entries(book.prices).map(([name, p]) => [
      words(name),
      `${p.amount} ${book.currency}`,
      `${number(p.per, 0)} ${p.unit}`,
      p.region,
      p.date,
      p.source,
    ]),
  );
}

function draw() {
  const cost = JSON.parse(document.getElementById('data').textContent);
  const dearest = Math.max(...cost.bills.map((bill) => bill.total));
  document.getElementById('main').replaceChildren(
    h(
      'section',
      {class: 'panel'},
      h('h2', {}, 'An hour of one stream'),
      h('p', {class: 'aside'}, `What was measured, times ${cost.prices.name}.`),
      cost.bills.map((bill) => billSection(bill, dearest, cost.currency)),
    ),
    fleet(cost.fleet, cost.currency) ?? '',
    prices(cost.prices),
  );
}

draw();
