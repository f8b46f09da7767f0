// What was measured over a stretch of time, so that it can be drawn and go on growing.

import type {Column, Measurements} from '../api/types';

export interface Points {
  mean: Column;
  least: Column;
  greatest: Column;
}

export interface Series {
  step_ms: number;
  at: number[];  // where each row begins, ms, ascending
  quantities: Record<string, Points>;
}

// Seconds in a row: fine enough for a screen's pixels, and not many more.
export function stepFor(span_ms: number): number {
  if (span_ms <= 65 * 60_000) return 1;
  return span_ms <= 36 * 3600_000 ? 60 : 3600;
}

export function seriesOf(measurements: Measurements): Series {
  return {
    step_ms: measurements.step_s * 1000,
    at: measurements.at.map((instant) => Date.parse(instant)),
    quantities: measurements.quantities,
  };
}

const rows = (points: Points | undefined, from: number, until: number, length: number): Points => {
  const part = (column: Column | undefined) =>
    column?.slice(from, until) ?? new Array<null>(length).fill(null);
  return {mean: part(points?.mean), least: part(points?.least), greatest: part(points?.greatest)};
};

// `newer` from its first row on, the older rows from `from_ms` on before it.
// REQUIRES: both have the same step.
export function joined(older: Series, newer: Series, from_ms: number): Series {
  const first = newer.at[0];
  if (first === undefined) return older;
  const begin = lowerBound(older.at, from_ms);
  const end = Math.max(begin, lowerBound(older.at, first));
  const names = new Set([...Object.keys(older.quantities), ...Object.keys(newer.quantities)]);
  const quantities: Record<string, Points> = {};
  for (const name of names) {
    const a = rows(older.quantities[name], begin, end, end - begin);
    const b = rows(newer.quantities[name], 0, newer.at.length, newer.at.length);
    quantities[name] = {
      mean: a.mean.concat(b.mean),
      least: a.least.concat(b.least),
      greatest: a.greatest.concat(b.greatest),
    };
  }
  return {step_ms: newer.step_ms, at: older.at.slice(begin, end).concat(newer.at), quantities};
}

// The index of the first that is not less.
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

// The mean of the row that holds the time, or null.
export function valueAt(series: Series, points: Points | undefined, at_ms: number): number | null {
  const row = lowerBound(series.at, at_ms + 1) - 1;
  if (row < 0 || at_ms >= series.at[row]! + series.step_ms) return null;
  return points?.mean[row] ?? null;
}
