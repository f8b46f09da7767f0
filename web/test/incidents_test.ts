import {beforeEach, expect, test, vi} from 'vitest';
import type {LiveEvent} from '../src/api/types';
import {openIncidents, openOfMonitor, replaceIncident, takeEvent} from '../src/state/incidents';
import {incident} from './made';

vi.useFakeTimers();
beforeEach(() => void (openIncidents.value = new Map()));

const take = (event: ReturnType<typeof made>) => {
  takeEvent(event);
  vi.runAllTimers();
};

function made(type: LiveEvent['event'], more = {}) {
  const {monitor: _m, acknowledged_at: _a, snoozed_until: _s, ...told} = incident(more);
  const live = {schema: '', id: 'x', event: type, time: '', monitor: {id: 'm1', name: 'One'}, incident: told};
  return {id: '1', type, data: JSON.stringify(live)};
}

test('an incident is open from its first event to its last', () => {
  take(made('open'));
  expect(openOfMonitor.value.get('m1')).toHaveLength(1);
  take(made('update', {note: 'longer'}));
  expect(openOfMonitor.value.get('m1')![0]!.note).toBe('longer');
  take(made('close', {ended_at: '2026-11-29T12:00:03.000Z'}));
  expect(openIncidents.value.size).toBe(0);
});

test('an event leaves what people did to the incident', () => {
  take(made('open'));
  replaceIncident(incident({acknowledged_at: '2026-11-29T12:00:01.000Z'}));
  take(made('update'));
  expect([...openIncidents.value.values()][0]!.acknowledged_at).toBe('2026-11-29T12:00:01.000Z');
});
