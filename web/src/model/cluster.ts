// A cluster: which instance watches which pair of a monitor and a group of detectors, and what is wrong with that.

import type {Cluster, ClusterInstance, ClusterPair} from '../api/types';
import {count, number} from './format';

export interface Coverage {
  wanted: number;
  once: number;
  doubled: number;
  uncovered: number;
}

export function coverageOf({coverage: {wanted, uncovered, doubled}}: Cluster): Coverage {
  return {wanted, once: Math.max(0, wanted - uncovered - doubled), doubled, uncovered};
}

export function coverageWords({wanted, doubled, uncovered}: Coverage): string {
  if (wanted === 0) return 'There is nothing to watch.';
  if (uncovered === 0 && doubled === 0)
    return wanted === 1 ? 'The one pair is watched by one instance.' : `All ${number(wanted)} pairs are watched, each by one instance.`;
  const are = (pairs: number, how: string) => (pairs > 0 ? `${number(pairs)} ${pairs === 1 ? 'is' : 'are'} watched ${how}` : '');
  const wrong = [are(uncovered, 'by nobody'), are(doubled, 'more than once')].filter(Boolean);
  return `Of ${count(wanted, 'pair')}, ${wrong.join(' and ')}.`;
}

export const uncoveredPairs = (pairs: readonly ClusterPair[]) => pairs.filter(({instances}) => instances.length === 0);
export const doubledPairs = (pairs: readonly ClusterPair[]) => pairs.filter(({instances}) => instances.length > 1);

export interface WatchedBy {
  monitor: string;
  of_group: Map<string, readonly string[]>;  // the instances; a group that is not wanted of the monitor is not there
}

// A row for each monitor, by name; with `instance`, those that it has a part in.
export function rowsByMonitor(pairs: readonly ClusterPair[], nameOf: (id: string) => string, instance = ''): WatchedBy[] {
  const rows = new Map<string, WatchedBy>();
  for (const {monitor, group, instances} of pairs) {
    const row = rows.get(monitor) ?? {monitor, of_group: new Map<string, readonly string[]>()};
    rows.set(monitor, row);
    row.of_group.set(group, instances);
  }
  return [...rows.values()]
    .filter(({of_group}) => instance === '' || [...of_group.values()].some((instances) => instances.includes(instance)))
    .sort((a, b) => nameOf(a.monitor).localeCompare(nameOf(b.monitor)) || a.monitor.localeCompare(b.monitor));
}

// Live ones first, then by id, so that a line stays where it is.
export function instancesInOrder(instances: readonly ClusterInstance[]): ClusterInstance[] {
  return [...instances].sort((a, b) => Number(a.state !== 'live') - Number(b.state !== 'live') || a.id.localeCompare(b.id));
}

// The groups that a live instance other than this one could take over.
function groupsElsewhere({instances}: Cluster, id: string): Set<string> {
  return new Set(instances.filter((each) => each.id !== id && each.state === 'live').flatMap(({groups}) => groups));
}

export function drainQuestion(cluster: Cluster, {id, groups, pairs}: ClusterInstance): string {
  const elsewhere = groupsElsewhere(cluster, id);
  const lost = groups.filter((group) => !elsewhere.has(group));
  if (lost.length > 0) return `Drain ${id}? No other live instance watches ${lost.join(', ')}.`;
  return `Drain ${id}? Others take over its ${count(pairs, 'pair')}.`;
}
