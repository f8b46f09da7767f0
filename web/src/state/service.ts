// The service itself, and what an older one does not tell.

import {computed, signal} from '@preact/signals';
import {api} from '../api/client';
import type {Detector, ServiceFacts} from '../api/types';
import {isForPeople} from '../model/detector_list';

export const facts = signal<ServiceFacts | null>(null);
export const detectors = signal<Detector[] | null>(null);

// Where the service does not tell the role, its answers will.
export const mayWrite = computed(() => facts.value?.role !== 'read');

export async function readService(): Promise<void> {
  const [service, list] = await Promise.allSettled([api.service(), api.detectors()]);
  if (service.status === 'fulfilled') facts.value = service.value;
  if (list.status === 'fulfilled') detectors.value = list.value.filter(({name}) => isForPeople(name));
}
