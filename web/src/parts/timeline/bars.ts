// Incidents as bars of a row. Those too close to be told apart at this scale are one bar.

import type {Severity} from '../../api/types';
import {rankOf} from '../../model/severity';

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
