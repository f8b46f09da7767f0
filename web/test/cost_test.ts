import {expect, test} from 'vitest';
import {componentOf, costLines, costTotal, dominant, priceWords, sharesByComponent} from '../src/model/cost';
import {CoresMeter} from '../src/model/cores';
import {monitor, status} from './made';

const cost_s = {decoder: 60, 'video features': 20, 'audio features': 5, corruption: 10, silence: 5};
const named = (id: string, cpu_s: number | null) => monitor({id, name: id.toUpperCase(), status: status({cpu_s, cost_s})});

test('what is neither the decoder nor features is a detector', () =>
  expect(['decoder', 'video features', 'audio features', 'freeze'].map(componentOf)).toEqual(['decoder', 'features', 'features', 'detectors']));

test('shares are those of the whole, and unknown where nothing was sampled', () => {
  const shares = sharesByComponent(cost_s)!;
  expect([shares.decoder, shares.features, shares.detectors].map((share) => share.toFixed(3))).toEqual(['0.600', '0.250', '0.150']);
  expect(sharesByComponent({})).toBeNull();
  expect(sharesByComponent({decoder: 0})).toBeNull();
});

test('the dearest come first, those that are not measured last, and what is not analysed not at all', () => {
  const cores: Record<string, number> = {a: 0.1, b: 0.3, d: 0.102};
  const lines = costLines(['a', 'b', 'c', 'd', 'e'].map((id) => named(id, id === 'e' ? null : 1)), (id) => cores[id] ?? null);
  expect(lines.map(({monitor}) => monitor.id)).toEqual(['b', 'a', 'd', 'c']);
  const total = costTotal(lines);
  expect(total.cores).toBeCloseTo(0.502);
  expect([total.measured, total.parts[0]!.name]).toEqual([3, 'decoder']);
  expect(total.shares!.features).toBeCloseTo(0.25);
  expect(dominant(total, lines)).toBe('The decoder takes the most, 60 %. The dearest detector is corruption, 10 %. The dearest stream is B, 60 %.');
});

test('a price says how it is made', () =>
  expect(priceWords({usd: 0.06071, region: 'us-east-1', date: '2026-11-29', source: 'https://example.com'}))
    .toBe('Cores × $0.0607 a core hour: list price of 2026-11-29, us-east-1. https://example.com'));

test('cores are CPU time over time, of the last minute, and not known at once', () => {
  const meter = new CoresMeter();
  const known = [];
  for (let s = 0; s <= 300; ++s) {
    meter.take([named('a', s < 200 ? s * 0.1 : 20 + (s - 200) * 0.5)], s * 1000);
    if ([0, 2, 3, 199, 300].includes(s)) known.push(meter.cores('a') === null ? null : Math.round(meter.cores('a')! * 1000) / 1000);
  }
  expect(known).toEqual([null, null, 0.1, 0.1, 0.5]);
});

test('a worker that started anew is measured anew, and a monitor that went is forgotten', () => {
  const meter = new CoresMeter();
  for (const [s, cpu_s] of [[0, 100], [5, 101], [6, 0.2], [7, 0.4]] as const) meter.take([named('a', cpu_s)], s * 1000);
  expect(meter.cores('a')).toBeNull();
  meter.take([named('a', 1.2)], 11_000);
  expect(meter.cores('a')).toBeCloseTo(0.2);
  meter.take([], 12_000);
  expect(meter.cores('a')).toBeNull();
});
