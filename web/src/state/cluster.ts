// The instances that watch together, where this one is in a cluster.

import {signal} from '@preact/signals';
import {api} from '../api/client';
import {isMissing, wordsOf} from '../api/errors';
import type {Cluster} from '../api/types';

export const cluster = signal<Cluster | null>(null);  // as it was last told
export const isAlone = signal(false);  // the service has said that it is in none
export const clusterError = signal<string | null>(null);

export async function readCluster(): Promise<void> {
  try {
    cluster.value = await api.cluster();
    isAlone.value = false;
    clusterError.value = null;
  } catch (error) {
    isAlone.value = isMissing(error);
    if (isAlone.value) cluster.value = null;
    clusterError.value = isAlone.value ? null : wordsOf(error);
  }
}
