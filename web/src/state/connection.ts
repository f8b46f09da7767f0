// Whether the service can be reached, as the stream of events tells.

import {signal} from '@preact/signals';

export type Connection =
  | {state: 'connecting'}
  | {state: 'live'; back: boolean}  // back: it was lost, a moment ago
  | {state: 'lost'; since_ms: number};

export const connection = signal<Connection>({state: 'connecting'});

const backForMs = 6000;

export function connected(): void {
  const wasLost = connection.peek().state === 'lost';
  const live: Connection = {state: 'live', back: wasLost};
  connection.value = live;
  if (wasLost) {
    setTimeout(() => {
      if (connection.peek() === live) connection.value = {state: 'live', back: false};
    }, backForMs);
  }
}

export function disconnected(): void {
  if (connection.peek().state !== 'lost') connection.value = {state: 'lost', since_ms: Date.now()};
}
