// What a stream costs: CPU time by what it went into.

export interface CostShare {
  name: string;
  share: number;
}

export function costShares(cost_s: Record<string, number>): CostShare[] {
  const total = Object.values(cost_s).reduce((sum, seconds) => sum + seconds, 0);
  if (total <= 0) return [];
  return Object.entries(cost_s)
    .map(([name, seconds]) => ({name, share: seconds / total}))
    .sort((a, b) => b.share - a.share);
}

// CPU seconds of each second, from two readings of a counter that starts anew with each worker.
export function coresBetween(earlier: {cpu_s: number; at_ms: number}, later: {cpu_s: number; at_ms: number}) {
  const seconds = (later.at_ms - earlier.at_ms) / 1000;
  const used = later.cpu_s - earlier.cpu_s;
  return seconds > 0 && used >= 0 ? used / seconds : null;
}
