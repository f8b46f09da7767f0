import {expect, test} from 'vitest';
import {conditionOf, inMaintenance, worstFirst} from '../src/model/condition';
import {incident, monitor, status} from './made';

const now = Date.parse('2026-11-29T12:01:00.000Z');
const stateOf = (...given: Parameters<typeof conditionOf> extends [infer M, infer I, unknown] ? [M, I] : never) =>
  conditionOf(given[0], given[1], now).state;

test('a monitor without incidents is OK', () => expect(stateOf(monitor(), [])).toBe('ok'));

test('an open incident is a defect', () => expect(stateOf(monitor(), [incident()])).toBe('defect'));

test('a source that is opened again and again is lost, whatever else is open', () => {
  const condition = conditionOf(monitor({status: status({state: 'retrying', trouble: 'connection refused'})}), [incident()], now);
  expect([condition.state, condition.why]).toEqual(['lost', 'connection refused']);
});

test('a source that stopped is lost', () =>
  expect(stateOf(monitor(), [incident({kind: 'transport.stalled'})])).toBe('lost'));

test('an analysis that gave something up is degraded', () => {
  expect(stateOf(monitor({status: status({ladder: 'economy'})}), [])).toBe('degraded');
  expect(stateOf(monitor(), [incident({kind: 'monitor.degraded'})])).toBe('degraded');
  expect(stateOf(monitor({quarantined: 'it crashed twice', status: null}), [])).toBe('degraded');
});

test('a monitor that was asked for economy is not degraded by it', () =>
  expect(stateOf(monitor({profile: 'economy', status: status({ladder: 'economy'})}), [])).toBe('ok'));

test('what is not known is not OK', () => {
  expect(stateOf(monitor({status: null}), [])).toBe('unknown');
  expect(stateOf(monitor({status: status({state: 'connecting'})}), [])).toBe('unknown');
});

test('paused is paused', () => expect(stateOf(monitor({paused: true, status: null}), [])).toBe('paused'));

test('a snoozed incident does not count until its time is over', () => {
  const asleep = incident({snoozed_until: '2026-11-29T12:05:00.000Z'});
  const condition = conditionOf(monitor(), [asleep], now);
  expect([condition.state, condition.snoozed]).toEqual(['ok', 1]);
  expect(conditionOf(monitor(), [asleep], now + 300_000).state).toBe('defect');
});

test('the worst come first, and equals by name', () => {
  const watched = (name: string, ...open: ReturnType<typeof incident>[]) => {
    const m = monitor({id: name, name});
    return {monitor: m, condition: conditionOf(m, open, now)};
  };
  const all = [watched('b'), watched('a'), watched('minor', incident({severity: 'minor'})), watched('critical', incident())];
  expect(all.sort(worstFirst).map((each) => each.monitor.name)).toEqual(['critical', 'minor', 'a', 'b']);
});

test('maintenance is when its window is', () => {
  const m = monitor({maintenance: [{from: '2026-11-29T12:00:00.000Z', until: '2026-11-29T13:00:00.000Z', note: ''}]});
  expect(inMaintenance(m, now)).toBe(true);
  expect(inMaintenance(m, now + 3600_000)).toBe(false);
});
