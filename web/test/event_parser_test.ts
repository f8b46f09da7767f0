import {expect, test} from 'vitest';
import {EventParser} from '../src/api/event_parser';

const whole = 'id: 7\nevent: open\ndata: {"a": 1}\n\n: a comment\n\nevent: close\ndata: one\ndata: two\n\n';
const events = [
  {id: '7', type: 'open', data: '{"a": 1}'},
  {id: '7', type: 'close', data: 'one\ntwo'},
];

test('events are the same however the text is cut', () => {
  for (let size = 1; size < whole.length; ++size) {
    const parser = new EventParser();
    const pieces = whole.match(new RegExp(`[^]{1,${size}}`, 'g'))!;
    expect(pieces.flatMap((piece) => parser.take(piece))).toEqual(events);
  }
});

test('lines may end in CR LF or CR', () => {
  for (const end of ['\r\n', '\r']) {
    const parser = new EventParser();
    const text = whole.replaceAll('\n', end);
    expect([...parser.take(text.slice(0, 20)), ...parser.take(text.slice(20)), ...parser.take(':\n')]).toEqual(events);
  }
});

test('an event without data is none, and one that is not over is not told', () => {
  const parser = new EventParser();
  expect(parser.take('event: open\n\ndata: late\n')).toEqual([]);
  expect(parser.take('\n')).toEqual([{id: null, type: 'message', data: 'late'}]);
});
