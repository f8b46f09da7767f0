// All monitors, read anew each second while somebody looks.

import {computed, signal} from '@preact/signals';
import {api} from '../api/client';
import {wordsOf} from '../api/errors';
import type {Monitor} from '../api/types';
import {conditionOf, type Watched} from '../model/condition';
import {recently} from './clock';
import {openOfMonitor} from './incidents';

export const monitors = signal<Monitor[] | null>(null);  // null: not read yet
export const monitorsError = signal<string | null>(null);

export const watched = computed<Watched[]>(() =>
  (monitors.value ?? []).map((monitor) => ({
    monitor,
    condition: conditionOf(monitor, openOfMonitor.value.get(monitor.id) ?? [], recently.value),
  })));

export const watchedOf = (id: string) => watched.value.find(({monitor}) => monitor.id === id);

// A monitor that was removed goes by its id.
export const nameOf = (id: string) => watchedOf(id)?.monitor.name ?? id;

const intervalMs = 1000;
const hiddenIntervalMs = 10_000;

export async function readMonitors(): Promise<void> {
  try {
    monitors.value = await api.monitors();
    monitorsError.value = null;
  } catch (error) {
    monitorsError.value = wordsOf(error);
  }
}

// Until `stop`.
export async function pollMonitors(stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const began = Date.now();
    await readMonitors();
    const interval = document.hidden ? hiddenIntervalMs : intervalMs;
    await new Promise((resolve) => setTimeout(resolve, Math.max(200, interval - (Date.now() - began))));
  }
}
