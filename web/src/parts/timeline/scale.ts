// Time along a line: which stretch is seen, and where its marks stand. All times are in ms.

export interface Range {
  from: number;
  until: number;
}

export const shortestMs = 2000;

export const spanOf = (range: Range) => range.until - range.from;

export const shareOf = (range: Range, at: number) => (at - range.from) / spanOf(range);

export const timeAt = (range: Range, share: number) => range.from + share * spanOf(range);

// `factor` below 1 goes closer; what stands at `share` of the line stays there.
export function zoomed(range: Range, factor: number, share = 0.5): Range {
  const span = Math.max(shortestMs, spanOf(range) * factor);
  const from = timeAt(range, share) - span * share;
  return {from, until: from + span};
}

export function moved(range: Range, share: number): Range {
  const by = spanOf(range) * share;
  return {from: range.from + by, until: range.until + by};
}

// The range moved, or cut if it is too long, so that it lies within the bounds.
export function within(range: Range, bounds: Range): Range {
  const span = Math.min(spanOf(range), spanOf(bounds));
  const from = Math.min(Math.max(range.from, bounds.from), bounds.until - span);
  return {from, until: from + span};
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const dayLong = 24 * hour;
const steps = [
  second, 2 * second, 5 * second, 10 * second, 15 * second, 30 * second, minute, 2 * minute, 5 * minute, 10 * minute,
  15 * minute, 30 * minute, hour, 2 * hour, 3 * hour, 6 * hour, 12 * hour, dayLong, 2 * dayLong, 7 * dayLong,
  14 * dayLong, 30 * dayLong,
];

export interface Ticks {
  step: number;
  at: number[];
}

// Round times, no more than `most`. `offset` is that of the zone: what is added to UTC.
export function ticksOf(range: Range, most: number, offset = 0): Ticks {
  const step = steps.find((each) => spanOf(range) / each <= most) ?? steps.at(-1)!;
  const at: number[] = [];
  const first = Math.ceil((range.from + offset) / step) * step - offset;
  for (let tick = first; tick <= range.until; tick += step) at.push(tick);
  return {step, at};
}
