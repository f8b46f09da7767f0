import {expect, test} from 'vitest';
import {csv} from '../src/model/csv';
import {incidentsCsv} from '../src/model/incident_export';
import {incident} from './made';

test('quotes what would be taken for structure', () =>
  expect(csv(['a', 'b'], [['x,y', 'say "so"'], [null, 1.5]])).toBe('a,b\r\n"x,y","say ""so"""\r\n,1.5\r\n'));

test('no cell is a formula', () => {
  for (const text of ['=HYPERLINK("http://x")', '+1', '-1+2', '@SUM(A1)', '\t=1', '\r=1']) {
    expect(csv(['a'], [[text]])).toMatch(/^a\r\n"?'/);
  }
  expect(csv(['a'], [[-1]])).toBe('a\r\n-1\r\n');
});

test('an incident of a monitor with a hostile name is exported as text', () => {
  const text = incidentsCsv([incident({note: '=cmd|calc'})], () => '=1+1');
  expect(text).toContain("'=1+1");
  expect(text).toContain("'=cmd|calc");
});
