// Starts and stops all that keeps the page up to date.

import {follow} from '../api/follow';
import {readCluster} from './cluster';
import {connected, disconnected} from './connection';
import {readOpenIncidents, takeEvent} from './incidents';
import {pollMonitors} from './monitors';
import {readService} from './service';

export function startLive(): () => void {
  const stop = new AbortController();
  void readService();
  void pollMonitors(stop.signal);
  const unfollow = follow({
    connected: async () => {
      await readOpenIncidents();
      connected();
      void readService();
      void readCluster();
    },
    event: takeEvent,
    lost: disconnected,
  });
  return () => {
    stop.abort();
    unfollow();
  };
}
