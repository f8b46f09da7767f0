// Incidents as bars of a row. Those too close to be told apart at this scale are one bar.

import type {Severity} from '../../api/types';
import {rankOf} from '../../model/severity';
import {shareOf, type Range} from './scale';

export interface Bar {
  id: string;
  from: number;  // ms
  to: number | null;  // null: it goes on
  severity: Severity;
  title: string;
}

export interface Row {
  kind: string;
  bars: Bar[];
}

export interface Cluster {
  from: number;
  to: number | null;
  severity: Severity;
  bars: Bar[];
}

// What is pressed: a bar, or several whose areas would overlap. Pixels are those of the row.
export interface Target {
  left: number;
  width: number;
  bars: Bar[];
}

// A pointer needs so much room each way (WCAG 2.2, 2.5.8).
export const leastTargetPx = 24;

// The bars of a row as targets, none of which is smaller than that nor lies over another.
export function targets(bars: readonly Bar[], range: Range, rowPx: number): Target[] {
  const made: Target[] = [];
  const alone = bars.map((bar) => targetOf(bar, range, rowPx)).sort((a, b) => a.left - b.left);
  for (const target of alone) {
    const last = made.at(-1);
    if (!last || target.left >= last.left + last.width + 1) {
      made.push(target);
      continue;
    }
    last.width = Math.max(last.width, target.left + target.width - last.left);
    last.bars.push(...target.bars);
  }
  return made;
}

function targetOf(bar: Bar, range: Range, rowPx: number): Target {
  const from = Math.max(0, shareOf(range, bar.from)) * rowPx;
  const to = Math.min(1, bar.to === null ? 1 : shareOf(range, bar.to)) * rowPx;
  const width = Math.max(leastTargetPx, to - from);
  const left = Math.min(Math.max(0, (from + to - width) / 2), Math.max(0, rowPx - width));
  return {left, width, bars: [bar]};
}

const end = (to: number | null) => to ?? Infinity;

// Bars less than `gap` ms apart become one.
export function clusters(bars: readonly Bar[], gap: number): Cluster[] {
  const made: Cluster[] = [];
  for (const bar of [...bars].sort((a, b) => a.from - b.from)) {
    const last = made.at(-1);
    if (!last || bar.from - Math.max(end(last.to), last.from + gap) > gap) {
      made.push({from: bar.from, to: bar.to, severity: bar.severity, bars: [bar]});
      continue;
    }
    last.bars.push(bar);
    if (end(bar.to) > end(last.to)) last.to = bar.to;
    if (rankOf(bar.severity) < rankOf(last.severity)) last.severity = bar.severity;
  }
  return made;
}
