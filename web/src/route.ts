// Where one is: the address after "#", as in "#/incidents?kind=video.freeze".

import {computed, signal} from '@preact/signals';

export interface Route {
  path: string[];  // decoded segments
  parameters: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return {path: path.split('/').filter(Boolean).map(decoded), parameters: new URLSearchParams(query)};
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

const hash = signal(location.hash);
addEventListener('hashchange', () => (hash.value = location.hash));

export const route = computed(() => parseRoute(hash.value));

export function link(path: string[], parameters: Record<string, string> = {}): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== '');
  const query = new URLSearchParams(set).toString();
  return `#/${path.map(encodeURIComponent).join('/')}${query && `?${query}`}`;
}

export function go(to: string): void {
  location.hash = to;
}

// Changes the query alone, without a step in the browser's history.
export function setParameters(parameters: Record<string, string>): void {
  history.replaceState(null, '', link(route.peek().path, parameters));
  hash.value = location.hash;
}

export const to = {
  wall: (parameters: Record<string, string> = {}) => link([], parameters),
  monitor: (id: string, parameters: Record<string, string> = {}) => link(['monitors', id], parameters),
  change: (id: string) => link(['monitors', id, 'change']),
  add: () => link(['add']),
  incidents: (parameters: Record<string, string> = {}) => link(['incidents'], parameters),
  incident: (id: string) => link(['incidents', id]),
  report: () => link(['report']),
  service: () => link(['service']),
  cost: () => link(['cost']),
  cluster: (parameters: Record<string, string> = {}) => link(['cluster'], parameters),
};
