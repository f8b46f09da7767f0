'use strict';

// A bill as a bar: its lines side by side, each with its share of the dearest bill.

const HUES = [
  ['function duration', 'compute'],
  ['function requests', 'requests'],
  ['container vCPU', 'compute'],
  ['container memory', 'memory'],
  ['instances', 'compute'],
  ['workflow', 'workflow'],
  ['objects kept', 'kept'],
  ['object', 'objects'],
  ['notifications', 'topic'],
];

const hueOf = (what) => `is-${(HUES.find(([start]) => what.startsWith(start)) ?? [0, 'compute'])[1]}`;

const money = (amount, currency) =>
  `${amount.toLocaleString('en-US', {minimumSignificantDigits: 3, maximumSignificantDigits: 3})}\u00a0${currency}`;

function bar(bill, dearest) {
  return h(
    'div',
    {class: 'bar', 'aria-hidden': 'true'},
    bill.lines
      .filter((line) => line.amount > 0)
      .map((line) =>
        h('span', {class: `part ${hueOf(line.what)}`, '--share': line.amount / dearest, title: line.what}),
      ),
  );
}

function key(bill) {
  return h(
    'ul',
    {class: 'key'},
    bill.lines
      .filter((line) => line.amount > 0)
      .map((line) =>
        h('li', {class: hueOf(line.what)}, `${line.what} `, h('b', {}, percent(line.amount / bill.total, 1))),
      ),
  );
}

function lines(bill, currency) {
  const head = ['Line', 'Quantity', 'Unit', `${currency} an hour of stream`];
  return h(
    'details',
    {},
    h('summary', {}, 'line by line'),
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
            head.map((name, i) => h('th', {scope: 'col', class: i % 2 ? 'figure' : null}, name)),
          ),
        ),
        h(
          'tbody',
          {},
          bill.lines.map((line) =>
            h(
              'tr',
              {},
              h('th', {scope: 'row'}, line.what),
              h('td', {class: 'figure'}, significant(line.quantity)),
              h('td', {}, line.unit),
              h('td', {class: 'figure'}, number(line.amount, 6)),
            ),
          ),
        ),
      ),
    ),
  );
}
