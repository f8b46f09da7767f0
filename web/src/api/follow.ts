// Follows the service's events for ever: reads them with fetch, because EventSource sends no token, goes on after
// the last one when the connection was lost, and waits a little longer after each attempt that fails.

import {ApiError} from './errors';
import {ask} from './client';
import {EventParser, type ServerEvent} from './event_parser';

const silentForMs = 40_000;  // the service sends a comment every 15 s
const firstWaitMs = 500;
const longestWaitMs = 8000;

export interface Listener {
  connected: () => Promise<void>;  // events are held back until it is done
  event: (event: ServerEvent) => void;
  lost: () => void;
}

export function follow(listener: Listener): () => void {
  const stop = new AbortController();
  void forEver(listener, stop.signal);
  return () => stop.abort();
}

async function forEver(listener: Listener, stop: AbortSignal): Promise<void> {
  let lastId: string | null = null;
  let wait = firstWaitMs;
  const heard = (event: ServerEvent) => {
    lastId = event.id;
    listener.event(event);
  };
  while (!stop.aborted) {
    try {
      await once(lastId, heard, listener.connected, stop);
      wait = firstWaitMs;
    } catch (error) {
      if (stop.aborted) return;
      if (error instanceof ApiError && error.status === 401) return;
      // The service does not know this id: its data are new.
      if (error instanceof ApiError && error.status === 400) lastId = null;
      wait = Math.min(wait * 2, longestWaitMs);
    }
    if (stop.aborted) return;
    listener.lost();
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

// Returns, or throws, when the stream ends.
async function once(lastId: string | null, heard: (event: ServerEvent) => void, connected: () => Promise<void>,
                    stop: AbortSignal): Promise<void> {
  const abort = new AbortController();
  const giveUp = () => abort.abort();
  stop.addEventListener('abort', giveUp);
  let silence = setTimeout(giveUp, silentForMs);
  try {
    const headers: Record<string, string> = lastId === null ? {} : {'Last-Event-ID': lastId};
    const answer = await ask('/v1/events', {headers, signal: abort.signal});
    const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader();
    await connected();
    const parser = new EventParser();
    for (;;) {
      const {done, value} = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(giveUp, silentForMs);
      parser.take(value).forEach(heard);
    }
  } finally {
    clearTimeout(silence);
    stop.removeEventListener('abort', giveUp);
    abort.abort();
  }
}
