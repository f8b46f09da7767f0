// The newest picture of each monitor that is in view. Pictures are asked for one after the other, the one that
// has waited longest first, so that many tiles make a steady trickle of requests and not a burst.

import {signal, type Signal} from '@preact/signals';
import {api} from '../api/client';
import {isMissing} from '../api/errors';

export interface Picture {
  url: string;
  taken_ms: number;
}

interface Wanted {
  picture: Signal<Picture | null>;
  viewers: number;
  due_ms: number;
  asked: boolean;
}

const refreshMs = 4000;
const missingMs = 10_000;
const failedMs = 6000;
const mostAtOnce = 4;
const tickMs = 100;

const wanted = new Map<string, Wanted>();
let underWay = 0;
let timer: ReturnType<typeof setInterval> | undefined;

// The picture of a monitor, kept fresh until `forget` is called.
export function watchPicture(id: string): {picture: Signal<Picture | null>; forget: () => void} {
  const entry = wanted.get(id) ?? {picture: signal<Picture | null>(null), viewers: 0, due_ms: 0, asked: false};
  wanted.set(id, entry);
  ++entry.viewers;
  timer ??= setInterval(askForDue, tickMs);
  return {picture: entry.picture, forget: () => drop(id, entry)};
}

function drop(id: string, entry: Wanted): void {
  if (--entry.viewers > 0) return;
  wanted.delete(id);
  if (entry.picture.peek()) URL.revokeObjectURL(entry.picture.peek()!.url);
  if (wanted.size === 0) {
    clearInterval(timer);
    timer = undefined;
  }
}

function askForDue(): void {
  if (document.hidden) return;
  const due = [...wanted].filter(([, entry]) => !entry.asked && entry.due_ms <= Date.now());
  due.sort(([, a], [, b]) => a.due_ms - b.due_ms);
  for (const [id, entry] of due.slice(0, mostAtOnce - underWay)) void fetchOne(id, entry);
}

async function fetchOne(id: string, entry: Wanted): Promise<void> {
  entry.asked = true;
  ++underWay;
  try {
    const answer = await api.monitorPicture(id);
    const taken = Date.parse(answer.headers.get('Last-Modified') ?? '');
    show(entry, {url: URL.createObjectURL(await answer.blob()), taken_ms: taken || Date.now()});
    entry.due_ms = Date.now() + refreshMs;
  } catch (error) {
    if (isMissing(error)) show(entry, null);
    entry.due_ms = Date.now() + (isMissing(error) ? missingMs : failedMs);
  } finally {
    entry.asked = false;
    --underWay;
  }
}

function show(entry: Wanted, picture: Picture | null): void {
  const before = entry.picture.peek();
  const isSeen = entry.viewers > 0;
  if (isSeen) entry.picture.value = picture;
  else if (picture) URL.revokeObjectURL(picture.url);
  // The element shows the old picture until the new one is decoded.
  if (before && isSeen) setTimeout(() => URL.revokeObjectURL(before.url), 2000);
}
