// The time of day, once a second; and every five seconds, for what is seldom changed by it.

import {computed, signal} from '@preact/signals';

export const now = signal(Date.now());
export const recently = computed(() => Math.floor(now.value / 5000) * 5000);

export function startClock(): void {
  setInterval(() => (now.value = Date.now()), 1000);
}
