// Monitors and incidents for the tests; a test names what it is about.

import type {Incident, Monitor, MonitorStatus} from '../src/api/types';

export function status(more: Partial<MonitorStatus> = {}): MonitorStatus {
  return {state: 'running', trouble: null, ladder: 'full', position_s: 1, lag_s: 0.1, cpu_s: 1, sessions: 1, restarts: 0,
    video_frames: 25, dropped_packets: 0, cost_s: {}, input: null, sound: null, ...more};
}

export function monitor(more: Partial<Monitor> = {}): Monitor {
  return {id: 'm1', created_at: '2026-11-29T12:00:00.000Z', changed_at: '2026-11-29T12:00:00.000Z', quarantined: null,
    url: 'udp://127.0.0.1:9', name: 'One', program: null, variant: 'highest', maintenance: [], detectors: 'all', options: {}, profile: 'full', priority: 0,
    labels: {}, paused: false, timeout_s: 10, stalled_after_s: 2, score: 100, status: status(), ...more};
}

export function incident(more: Partial<Incident> = {}): Incident {
  return {id: '0123456789abcdef', monitor: 'm1', kind: 'video.freeze', detector: 'freeze', track: null,
    severity: 'critical', started_at: '2026-11-29T12:00:00.000Z', ended_at: null, acknowledged_at: null,
    snoozed_until: null, confidence: 1, measures: {}, note: 'the picture stands still', ...more};
}
