// The condition that a monitor is in, as the wall shows and sorts it.

import type {Incident, Monitor, Severity} from '../api/types';
import {rankOf, worst} from './severity';

export type State = 'defect' | 'lost' | 'degraded' | 'unknown' | 'ok' | 'ended' | 'paused';

// The worst first.
export const states: readonly State[] = ['lost', 'defect', 'degraded', 'unknown', 'ok', 'ended', 'paused'];

export const stateNames: Record<State, string> = {
  lost: 'Source lost',
  defect: 'Defect',
  degraded: 'Degraded',
  unknown: 'Unknown',
  ok: 'OK',
  ended: 'Ended',
  paused: 'Paused',
};

export interface Condition {
  state: State;
  why: string | null;  // one line, where the state alone does not say it
  running: Incident[];  // those that count: open and not snoozed, the worst first
  snoozed: number;
  severity: Severity | null;  // the worst of the running ones
}

export function isSnoozed(incident: Incident, now_ms: number): boolean {
  return !!incident.snoozed_until && Date.parse(incident.snoozed_until) > now_ms;
}

const bySeverityThenAge = (a: Incident, b: Incident) =>
  rankOf(a.severity) - rankOf(b.severity) || a.started_at.localeCompare(b.started_at);

export function inMaintenance(monitor: Monitor, now_ms: number): boolean {
  return monitor.maintenance.some(
    (window) => Date.parse(window.from) <= now_ms && now_ms < Date.parse(window.until));
}

export function conditionOf(monitor: Monitor, open: readonly Incident[], now_ms: number): Condition {
  const running = open.filter((incident) => !isSnoozed(incident, now_ms)).sort(bySeverityThenAge);
  const [state, why] = stateOf(monitor, running);
  return {state, why, running, snoozed: open.length - running.length, severity: worst(running)};
}

function stateOf(monitor: Monitor, running: readonly Incident[]): [State, string | null] {
  const {status} = monitor;
  if (monitor.paused) return ['paused', null];
  if (monitor.quarantined) return ['degraded', `Put aside: ${monitor.quarantined}`];
  if (!status) return ['unknown', 'Not heard of yet'];
  if (status.state === 'retrying' || status.state === 'stalled') return ['lost', status.trouble];
  if (status.state === 'connecting') return ['unknown', 'Connecting'];
  if (running.some((incident) => incident.kind === 'transport.stalled')) return ['lost', status.trouble];
  if (running.some((incident) => incident.kind !== 'monitor.degraded')) return ['defect', null];
  if (running.length > 0 || status.ladder !== monitor.profile)
    return ['degraded', `Analyses ${status.ladder === 'paused' ? 'nothing' : status.ladder}`];
  if (status.state === 'ended') return ['ended', status.trouble];
  return ['ok', null];
}

export interface Watched {
  monitor: Monitor;
  condition: Condition;
}

// The worst first; by name among equals, so that a tile stays where it is while nothing changes.
export function worstFirst(a: Watched, b: Watched): number {
  const rank = ({condition: c}: Watched) =>
    states.indexOf(c.state) * 10 + (c.severity ? rankOf(c.severity) : 9);
  return rank(a) - rank(b) || a.monitor.name.localeCompare(b.monitor.name) ||
    a.monitor.id.localeCompare(b.monitor.id);
}
