import {expect, test} from 'vitest';
import {joined, lowerBound, stepFor, valueAt, type Series} from '../src/model/series';
import {clusters, leastTargetPx, targets, type Bar} from '../src/parts/timeline/bars';
import {keyMoves} from '../src/parts/timeline/keys';
import {moved, ticksOf, within, zoomed} from '../src/parts/timeline/scale';

const bar = (id: string, from: number, to: number | null, severity: Bar['severity'] = 'minor'): Bar => ({id, from, to, severity, title: id});

test('what is under the pointer stays there while one zooms', () =>
  expect(zoomed({from: 0, until: 100_000}, 0.5, 0.25)).toEqual({from: 12_500, until: 62_500}));

test('one can not zoom in for ever', () => {
  const {from, until} = zoomed({from: 0, until: 2000}, 0.1);
  expect(until - from).toBe(2000);
});

test('a range is kept within its bounds', () => {
  expect(within(moved({from: 0, until: 10}, 2), {from: 0, until: 25})).toEqual({from: 15, until: 25});
  expect(within({from: -50, until: 200}, {from: 0, until: 25})).toEqual({from: 0, until: 25});
});

test('ticks stand at round times of the zone', () => {
  const hour = 3600_000;
  expect(ticksOf({from: 0, until: 5 * hour}, 6)).toEqual({step: hour, at: [0, 1, 2, 3, 4, 5].map((h) => h * hour)});
  expect(ticksOf({from: 0, until: 12 * hour}, 2, 5.5 * hour)).toEqual({step: 6 * hour, at: [0.5 * hour, 6.5 * hour]});
});

test('keys move and zoom, and others are left alone', () => {
  const range = {from: 0, until: 10_000};
  expect(keyMoves('ArrowLeft', range)).toEqual({from: -1000, until: 9000});
  expect(keyMoves('+', range)).toEqual({from: 2500, until: 7500});
  expect(keyMoves('a', range)).toBeNull();
});

test('bars that can not be told apart are one, of the worst severity', () => {
  const made = clusters([bar('c', 100, 110), bar('a', 0, 10), bar('b', 12, 14, 'critical')], 5);
  expect(made.map(({from, to, severity, bars}) => [from, to, severity, bars.map(({id}) => id)])).toEqual([
    [0, 14, 'critical', ['a', 'b']], [100, 110, 'minor', ['c']]]);
});

test('a bar that goes on swallows what comes after it', () =>
  expect(clusters([bar('a', 0, null), bar('b', 50, 60)], 5)).toHaveLength(1));

test('a bar is pressed on 24 pixels at least, and nothing lies over that', () => {
  const range = {from: 0, until: 1000};
  const made = targets([bar('a', 100, 101), bar('b', 110, 112), bar('c', 500, 700), bar('d', 999, null), bar('e', 0, 1)], range, 1000);
  expect(made.map(({bars}) => bars.map(({id}) => id))).toEqual([['e'], ['a', 'b'], ['c'], ['d']]);
  made.forEach(({left, width}, at) => {
    expect(width).toBeGreaterThanOrEqual(leastTargetPx);
    expect(left).toBeGreaterThanOrEqual(0);
    expect(left + width).toBeLessThan(made[at + 1]?.left ?? 1000.1);
  });
  expect(made[2]).toMatchObject({left: 500, width: 200});
});

test('rows are as fine as a screen can show', () =>
  expect([15, 60, 360, 10_080].map((minutes) => stepFor(minutes * 60_000))).toEqual([1, 1, 60, 3600]));

const series = (at: number[], mean: (number | null)[]): Series =>
  ({step_ms: 1000, at, quantities: {luma_mean: {mean, least: mean, greatest: mean}}});

test('newer rows take the place of older ones, and what is too old goes', () => {
  const both = joined(series([0, 1000, 2000, 3000], [1, 2, 3, null]), series([3000, 4000], [4, 5]), 1000);
  expect(both.at).toEqual([1000, 2000, 3000, 4000]);
  expect(both.quantities['luma_mean']!.mean).toEqual([2, 3, 4, 5]);
});

test('a quantity that is new was unknown before', () => {
  const newer = {...series([1000], [1]), quantities: {lag_s: {mean: [7], least: [7], greatest: [7]}}};
  const both = joined(series([0], [1]), newer, 0);
  expect(both.quantities).toEqual({
    luma_mean: {mean: [1, null], least: [1, null], greatest: [1, null]},
    lag_s: {mean: [null, 7], least: [null, 7], greatest: [null, 7]},
  });
});

test('a value is that of the row that holds the time', () => {
  const s = series([0, 1000, 5000], [1, 2, 3]);
  expect([-1, 0, 999, 1500, 2500, 5000, 6000].map((at) => valueAt(s, s.quantities['luma_mean'], at))).toEqual(
    [null, 1, 1, 2, null, 3, null]);
  expect(lowerBound([1, 3, 3, 5], 3)).toBe(1);
});
