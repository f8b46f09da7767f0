// The incidents that are open now, kept so by the service's events.

import {batch, computed, signal} from '@preact/signals';
import {api} from '../api/client';
import type {ServerEvent} from '../api/event_parser';
import type {Incident, LiveEvent} from '../api/types';

export const openIncidents = signal<ReadonlyMap<string, Incident>>(new Map());

// The events of the last moment, so that views can read anew what they change.
export const news = signal<readonly LiveEvent[]>([]);

export const openOfMonitor = computed(() => {
  const all = new Map<string, Incident[]>();
  for (const incident of openIncidents.value.values()) {
    const list = all.get(incident.monitor);
    if (list) list.push(incident);
    else all.set(incident.monitor, [incident]);
  }
  return all;
});

const most = 1000;

export async function readOpenIncidents(): Promise<void> {
  const page = await api.incidents({open: true, limit: most});
  openIncidents.value = new Map(page.incidents.map((incident) => [incident.id, incident]));
}

// Events come in crowds: those of one moment change the page once.
const crowdMs = 30;
let crowd: LiveEvent[] = [];

export function takeEvent(event: ServerEvent): void {
  crowd.push(JSON.parse(event.data) as LiveEvent);
  if (crowd.length === 1) setTimeout(takeCrowd, crowdMs);
}

function takeCrowd(): void {
  const next = new Map(openIncidents.peek());
  for (const live of crowd) {
    if (live.event === 'close') next.delete(live.incident.id);
    else next.set(live.incident.id, withEvent(next.get(live.incident.id), live));
  }
  batch(() => {
    openIncidents.value = next;
    news.value = crowd;
  });
  crowd = [];
}

// An event does not tell what people did to the incident.
export function withEvent(known: Incident | undefined, live: LiveEvent): Incident {
  return {acknowledged_at: null, snoozed_until: null, ...known, ...live.incident, monitor: live.monitor.id};
}

// What the service answered to an acknowledgement or a snooze.
export function replaceIncident(incident: Incident): void {
  if (!openIncidents.peek().has(incident.id)) return;
  openIncidents.value = new Map(openIncidents.peek()).set(incident.id, incident);
}
