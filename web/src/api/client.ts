// Every request that the page makes, one function each.

import {ApiError, errorOf} from './errors';
import {refuseToken, token} from '../state/session';
import type {
  Cluster, Delivery, Detector, Incident, IncidentPage, IncidentQuery, Measurements, Monitor, MonitorMembers, MonitorPatch,
  Probe, ServiceFacts, Sink,
} from './types';

const mostAttempts = 3;  // of a request that the service has no room for (429)

interface Ask {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

function headersOf(ask: Ask): Headers {
  const headers = new Headers(ask.headers);
  if (token.peek()) headers.set('Authorization', `Bearer ${token.peek()}`);
  if (ask.body !== undefined) headers.set('Content-Type', 'application/json');
  return headers;
}

// The answer to a request, which is a success: everything else is thrown as an ApiError.
export async function ask(path: string, options: Ask = {}): Promise<Response> {
  const init: RequestInit = {method: options.method ?? 'GET', headers: headersOf(options), cache: 'no-store'};
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  if (options.signal) init.signal = options.signal;
  for (let attempt = 1; ; ++attempt) {
    let answer: Response;
    try {
      answer = await fetch(path, init);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      throw new ApiError(0, 'The service does not answer.');
    }
    if (answer.ok) return answer;
    if (answer.status === 401) refuseToken();
    if (answer.status !== 429 || attempt === mostAttempts) throw await errorOf(answer);
    await pause(Number(answer.headers.get('Retry-After')) || 1);
  }
}

async function read<T>(path: string, options: Ask = {}): Promise<T> {
  return (await (await ask(path, options)).json()) as T;
}

function query(parameters: object): string {
  const entries = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '');
  const text = new URLSearchParams(entries.map(([name, value]) => [name, String(value)])).toString();
  return text && `?${text}`;
}

const monitorPath = (id: string) => `/v1/monitors/${encodeURIComponent(id)}`;
const incidentPath = (id: string) => `/v1/incidents/${encodeURIComponent(id)}`;

export const api = {
  monitors: async () => (await read<{monitors: Monitor[]}>('/v1/monitors')).monitors,
  monitor: (id: string) => read<Monitor>(monitorPath(id)),
  create: (spec: Partial<MonitorMembers>, key: string) =>
    read<Monitor>('/v1/monitors', {method: 'POST', body: spec, headers: {'Idempotency-Key': key}}),
  change: (id: string, patch: MonitorPatch) => read<Monitor>(monitorPath(id), {method: 'PATCH', body: patch}),
  remove: async (id: string) => void (await ask(monitorPath(id), {method: 'DELETE'})),
  measurements: (id: string, range: {from: string; until: string; step: number}, signal?: AbortSignal) =>
    read<Measurements>(`${monitorPath(id)}/measurements${query(range)}`, signal ? {signal} : {}),
  monitorPicture: (id: string) => ask(`${monitorPath(id)}/picture`),

  incidents: (filter: IncidentQuery) => read<IncidentPage>(`/v1/incidents${query(filter)}`),
  incident: (id: string) => read<Incident>(incidentPath(id)),
  acknowledge: (id: string) => read<Incident>(`${incidentPath(id)}/acknowledge`, {method: 'POST'}),
  snooze: (id: string, until: string | null) =>
    read<Incident>(`${incidentPath(id)}/snooze`, {method: 'POST', body: {until}}),
  incidentPicture: async (id: string) => (await ask(`${incidentPath(id)}/picture`)).blob(),
  clip: async (id: string) => (await ask(`${incidentPath(id)}/clip`)).blob(),
  deliveries: async (id: string) =>
    (await read<{deliveries: Delivery[]}>(`${incidentPath(id)}/deliveries`)).deliveries,

  probe: (what: {url: string; program?: number}, signal: AbortSignal) =>
    read<Probe>('/v1/probe', {method: 'POST', body: what, signal}),
  detectors: async () => (await read<{detectors: Detector[]}>('/v1/detectors')).detectors,
  service: () => read<ServiceFacts>('/v1/service'),
  cluster: () => read<Cluster>('/v1/cluster'),
  drain: async (instance: string, drain: boolean) =>
    void (await ask('/v1/cluster/drain', {method: 'POST', body: {instance, drain}})),
  sinks: async () => (await read<{sinks: Sink[]}>('/v1/sinks')).sinks,
};
