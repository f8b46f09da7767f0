// What each monitor takes of the machine, measured while the page is open.

import {computed, effect, signal} from '@preact/signals';
import {CoresMeter} from '../model/cores';
import {monitors} from './monitors';
import {facts} from './service';

const meter = new CoresMeter();
const readings = signal(0);

effect(() => {
  if (monitors.value === null) return;
  meter.take(monitors.value, Date.now());
  readings.value = readings.peek() + 1;
});

// null: not known yet.
export function coresOf(id: string): number | null {
  return readings.value >= 0 ? meter.cores(id) : null;
}

// What a core hour costs; null with a service that does not say so.
export const coreHour = computed(() => facts.value?.core_hour ?? null);
