// What a stream costs: cores, what they go into, and in money.

import type {CoreHour, Monitor} from '../api/types';
import {percent} from './format';

export interface CostShare {
  name: string;
  share: number;
}

// By what the analysis is in at each sample: the decoder, features, a detector; the largest first.
export function costShares(cost_s: Record<string, number>): CostShare[] {
  const total = Object.values(cost_s).reduce((sum, seconds) => sum + seconds, 0);
  if (total <= 0) return [];
  return Object.entries(cost_s)
    .map(([name, seconds]) => ({name, share: seconds / total}))
    .sort((a, b) => b.share - a.share);
}

export const components = ['decoder', 'features', 'detectors'] as const;
export type Component = (typeof components)[number];

export const componentWords: Record<Component, string> = {decoder: 'Decoder', features: 'Features', detectors: 'Detectors'};

// Of a part of `cost_s`: what is neither the decoder nor features is called by its detector.
export function componentOf(part: string): Component {
  if (part === 'decoder') return 'decoder';
  return /(^| )features$/.test(part) ? 'features' : 'detectors';
}

export type ByComponent = Record<Component, number>;

// Shares of the whole; null where nothing is known of it.
export function sharesByComponent(cost_s: Record<string, number>): ByComponent | null {
  const shares = costShares(cost_s);
  if (shares.length === 0) return null;
  const sums: ByComponent = {decoder: 0, features: 0, detectors: 0};
  for (const {name, share} of shares) sums[componentOf(name)] += share;
  return sums;
}

export interface CostLine {
  monitor: Monitor;
  cores: number | null;  // null: not measured for long enough yet
  shares: ByComponent | null;
}

// So close, two costs are one: lines stay where they are while figures flicker.
const roundedCores = (cores: number | null) => (cores === null ? -1 : Math.round(cores * 100));

// A line for each monitor that is analysed, the dearest first.
export function costLines(monitors: readonly Monitor[], coresOf: (id: string) => number | null): CostLine[] {
  return monitors
    .filter(({status}) => (status?.cpu_s ?? null) !== null)
    .map((monitor) => ({monitor, cores: coresOf(monitor.id), shares: sharesByComponent(monitor.status!.cost_s)}))
    .sort((a, b) => roundedCores(b.cores) - roundedCores(a.cores) || a.monitor.name.localeCompare(b.monitor.name));
}

export interface CostTotal {
  cores: number;
  measured: number;  // lines whose cores are known
  parts: CostShare[];  // of those cores as far as it is known what they go into, the largest first
  shares: ByComponent | null;
}

export function costTotal(lines: readonly CostLine[]): CostTotal {
  const measured = lines.filter(({cores}) => cores !== null);
  const cores_of: Record<string, number> = {};
  for (const {monitor, cores} of measured) {
    for (const {name, share} of costShares(monitor.status!.cost_s)) cores_of[name] = (cores_of[name] ?? 0) + share * cores!;
  }
  const cores = measured.reduce((sum, line) => sum + line.cores!, 0);
  return {cores, measured: measured.length, parts: costShares(cores_of), shares: sharesByComponent(cores_of)};
}

export const hoursADay = 24;
export const hoursAMonth = 730;  // as providers count it

// How a price was made, for those who ask.
export function priceWords({usd, region, date, source}: CoreHour): string {
  return `Cores × $${usd.toFixed(4)} a core hour: list price of ${date}, ${region}. ${source}`;
}

// The components as a bar takes them.
export function stackOf(shares: ByComponent) {
  return components.map((kind) => ({kind, name: componentWords[kind], share: shares[kind]}));
}

// What most of it goes into, in a sentence or three. REQUIRES: lines that are measured.
export function dominant(total: CostTotal, lines: readonly CostLine[]): string {
  const words: string[] = [];
  if (total.shares) {
    const [first] = stackOf(total.shares).sort((a, b) => b.share - a.share);
    words.push(`${first!.kind === 'decoder' ? 'The decoder takes' : `${first!.name} take`} the most, ${percent(first!.share)}.`);
  }
  const detector = total.parts.find(({name}) => componentOf(name) === 'detectors');
  if (detector) words.push(`The dearest detector is ${detector.name}, ${percent(detector.share)}.`);
  const [dearest, second] = lines;
  if (second && dearest?.cores && total.cores > 0)
    words.push(`The dearest stream is ${dearest.monitor.name}, ${percent(dearest.cores / total.cores)}.`);
  return words.join(' ');
}
