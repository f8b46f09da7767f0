// How many cores each monitor takes: what its CPU time has grown by over the last minute.
//
// The counter starts anew with each worker; what was read before then is forgotten.

import type {Monitor} from '../api/types';

interface Reading {
  cpu_s: number;
  at_ms: number;
}

interface Readings {
  from: Reading;
  next: Reading;  // takes the place of `from` once that is old
  last: Reading;
}

const leastMs = 3000;  // what is shorter says little
const oldMs = 60_000;

export class CoresMeter {
  private readonly of_monitor = new Map<string, Readings>();

  take(monitors: readonly Monitor[], at_ms: number): void {
    const there = new Set(monitors.map(({id}) => id));
    for (const id of this.of_monitor.keys()) if (!there.has(id)) this.of_monitor.delete(id);
    for (const {id, status} of monitors) {
      const cpu_s = status?.cpu_s ?? null;
      if (cpu_s === null) this.of_monitor.delete(id);
      else this.read(id, {cpu_s, at_ms});
    }
  }

  // CPU seconds of each second; null: not known yet.
  cores(id: string): number | null {
    const readings = this.of_monitor.get(id);
    if (!readings) return null;
    const ms = readings.last.at_ms - readings.from.at_ms;
    return ms < leastMs ? null : ((readings.last.cpu_s - readings.from.cpu_s) * 1000) / ms;
  }

  private read(id: string, last: Reading): void {
    const before = this.of_monitor.get(id);
    if (!before || before.last.cpu_s > last.cpu_s) {
      this.of_monitor.set(id, {from: last, next: last, last});
      return;
    }
    before.last = last;
    if (last.at_ms - before.next.at_ms < oldMs / 2) return;
    before.from = before.next;
    before.next = last;
  }
}
