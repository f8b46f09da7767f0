import {expect, test} from 'vitest';
import type {Cluster, ClusterInstance} from '../src/api/types';
import {coverageOf, coverageWords, doubledPairs, drainQuestion, instancesInOrder, rowsByMonitor, uncoveredPairs} from '../src/model/cluster';

const instance = (id: string, more: Partial<ClusterInstance> = {}): ClusterInstance => ({id, version: '1', state: 'live', groups: ['picture', 'sound'],
  capacity_cores: 2, used_cores: 1, pairs: 2, seen_at: '2026-11-29T12:00:00.000Z', ...more});

const pairs = [
  {monitor: 'm2', group: 'picture', instances: ['a']}, {monitor: 'm2', group: 'sound', instances: ['b', 'a']},
  {monitor: 'm1', group: 'picture', instances: []},
];

const cluster = (instances: ClusterInstance[]): Cluster => ({name: 'c', connected: true, this_instance: 'a', groups: [], instances, pairs,
  coverage: {wanted: 3, covered: 2, uncovered: 1, doubled: 1}});

test('coverage is told in words', () => {
  expect(coverageOf(cluster([]))).toEqual({wanted: 3, once: 1, doubled: 1, uncovered: 1});
  const words = (wanted: number, uncovered: number, doubled: number) => coverageWords({wanted, uncovered, doubled, once: wanted - uncovered - doubled});
  expect(words(0, 0, 0)).toBe('There is nothing to watch.');
  expect(words(1, 0, 0)).toBe('The one pair is watched by one instance.');
  expect(words(12, 0, 0)).toBe('All 12 pairs are watched, each by one instance.');
  expect(words(12, 2, 0)).toBe('Of 12 pairs, 2 are watched by nobody.');
  expect(words(3, 1, 1)).toBe('Of 3 pairs, 1 is watched by nobody and 1 is watched more than once.');
});

test('pairs that nobody or more than one watches are found', () => {
  expect(uncoveredPairs(pairs).map(({monitor}) => monitor)).toEqual(['m1']);
  expect(doubledPairs(pairs).map(({group}) => group)).toEqual(['sound']);
});

test('a monitor is a row, and an instance has those in which it has a part', () => {
  const name = (id: string) => ({m1: 'Zoo', m2: 'Ant'})[id] ?? id;
  expect(rowsByMonitor(pairs, name).map(({monitor}) => monitor)).toEqual(['m2', 'm1']);
  expect(rowsByMonitor(pairs, name, 'b').map(({monitor, of_group}) => [monitor, of_group.get('sound')])).toEqual([['m2', ['b', 'a']]]);
  expect(rowsByMonitor(pairs, name, 'x')).toEqual([]);
});

test('who would be left is asked before an instance is drained', () => {
  const [a, b, c] = [instance('a'), instance('b', {groups: ['sound']}), instance('c', {state: 'draining'})];
  expect(drainQuestion(cluster([a, b, c]), a)).toBe('Drain a? No other live instance watches picture.');
  expect(drainQuestion(cluster([a, b, c]), b)).toBe('Drain b? Others take over its 2 pairs.');
  expect(instancesInOrder([c, b, a]).map(({id}) => id)).toEqual(['a', 'b', 'c']);
});
