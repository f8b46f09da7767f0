// Which monitors the wall shows. A filter is text in the address, so that a wall display can be linked to.

import {states, type State, type Watched} from './condition';

export interface WallFilter {
  text: string;  // of the name, the address, the id or a label; every word must be there
  label: string;  // "key=value"
  kind: string;  // of a running incident
  state: State | '';
}

export const everything: WallFilter = {text: '', label: '', kind: '', state: ''};

export function wallFilterOf(parameters: URLSearchParams): WallFilter {
  const state = parameters.get('state') as State | null;
  return {
    text: parameters.get('text') ?? '',
    label: parameters.get('label') ?? '',
    kind: parameters.get('kind') ?? '',
    state: state && states.includes(state) ? state : '',
  };
}

export const labelsOf = (labels: Record<string, string>) =>
  Object.entries(labels).map(([key, value]) => `${key}=${value}`);

export function passes(filter: WallFilter, {monitor, condition}: Watched): boolean {
  const labels = labelsOf(monitor.labels);
  const haystack = [monitor.name, monitor.url, monitor.id, ...labels].join('\n').toLowerCase();
  const words = filter.text.toLowerCase().split(/\s+/);
  return words.every((word) => haystack.includes(word)) &&
    (!filter.label || labels.includes(filter.label)) &&
    (!filter.kind || condition.running.some((incident) => incident.kind === filter.kind)) &&
    (!filter.state || condition.state === filter.state);
}
