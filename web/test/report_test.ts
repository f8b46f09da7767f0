import {expect, test} from 'vitest';
import {cellMapOf, frameOf, parseReports, type ReportIncident} from '../src/api/report';

const report = {schema: 'monolens.report/1', input: {}, analysed: {}, incidents: []};

test('one report or several are read', () => {
  expect(parseReports(JSON.stringify(report))).toHaveLength(1);
  expect(parseReports(JSON.stringify([report, report]))).toHaveLength(2);
});

test('what is no report is said', () => {
  expect(() => parseReports('{')).toThrow('This is not JSON.');
  for (const text of ['null', '[]', '[null]', '{}', '{"schema": "monolens.report/2"}']) {
    expect(() => parseReports(text)).toThrow('This is no report of “monolens.report/1”.');
  }
});

test('runs of blocks become cells', () => {
  const runs = btoa(String.fromCharCode(0x02, 0xf0));  // three of 0, one of 15/15
  expect(cellMapOf({block: 16, columns: 2, rows: 2, runs})).toEqual({block: 16, columns: 2, rows: 2, cells: [0, 0, 0, 1]});
});

test('a frame is a JPEG or nothing', () => {
  const frame = (text: string) => frameOf({evidence: {frame: text, note: ''}} as ReportIncident);
  expect(frame('data:image/jpeg;base64,AAAA')).not.toBeNull();
  for (const text of ['javascript:alert(1)', 'data:image/svg+xml;base64,AAAA', 'http://example.com/x.jpg']) expect(frame(text)).toBeNull();
});
