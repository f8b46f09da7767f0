import {expect, test} from 'vitest';
import {dollars, duration, elapsed, instant, number, position, significant} from '../src/model/format';
import {inputFacts, videoWords} from '../src/model/input_words';
import {measureWords} from '../src/model/measure_words';

test('unknown is a dash and never 0', () => {
  for (const words of [number(null), number(NaN), significant(undefined), duration(null), position(null)]) expect(words).toBe('–');
});

test('numbers have a real minus, and no negative zero', () => {
  expect(number(-1234.5, 1)).toBe('−1,234.5');
  expect(number(-0.01, 1)).toBe('0.0');
});

test('money has the digits that matter', () => {
  expect([1234.5, 57.4, 0.0814, 0.0063, 0.00001, 0].map(dollars)).toEqual(['$1,235', '$57.40', '$0.081', '$0.0063', 'under $0.0001', '$0.00']);
  expect(dollars(null)).toBe('–');
});

test('a picture whose size and rate are not known yet has its codec alone', () => {
  const video = {codec: 'h264', width: 1280, height: 720, fps: 25, pixel_format: null, rotation: 0};
  expect(videoWords(video)).toBe('H.264 · 1280×720 · 25 fps');
  expect(videoWords({...video, width: null, height: null, fps: null})).toBe('H.264');
});

test('durations have what a person needs of them', () => {
  expect([0.35, 12.4, 185, 7800, 360_000].map((s) => duration(s))).toEqual(
    ['350 ms', '12.4 s', '3 min 05 s', '2 h 10 min', '4 d 4 h']);
  expect([0.4, 12.7, 60].map(elapsed)).toEqual(['0 s', '12 s', '1 min 00 s']);
});

test('positions carry over', () => {
  expect(position(3723.9996)).toBe('01:02:04.000');
  expect(position(59.9, 0)).toBe('00:01:00');
});

test('instants are in the zone that was chosen', () =>
  expect(instant(Date.parse('2026-11-29T23:59:59.999Z'), 'utc', true)).toBe('2026-11-29 23:59:59.999'));

test('a measure is read by the unit that its name ends in', () => {
  expect(measureWords('offset_ms', 80)).toEqual(['offset', '80 ms']);
  expect(measureWords('area_share', 0.084)).toEqual(['area share', '8.4 %']);
  expect(measureWords('integrated_loudness_lufs', null)).toEqual(['integrated loudness', '–']);
  expect(measureWords('errors', 7)).toEqual(['errors', '7']);
});

test('a stream is told in a few words', () => {
  const audio = {codec: 'aac', sample_rate: 44100, channels: 6};
  const facts = Object.fromEntries(inputFacts({url: 'x', format: 'mpegts', duration_s: null, program: 3, audio, audio_tracks: [audio, audio],
    video: {codec: 'h264', width: 1280, height: 720, fps: 29.97, pixel_format: null, rotation: 0}}));
  expect(facts).toEqual({Container: 'MPEG-TS', Video: 'H.264 · 1280×720 · 29.97 fps', Audio: 'AAC · 44.1 kHz · 5.1 · 2 tracks', Program: '3'});
});
