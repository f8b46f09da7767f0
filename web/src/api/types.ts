// The documents of the API (api/openapi.yaml), as far as the page reads them.
// What a service may leave out, because it is older than the page, is optional.

export type Instant = string;  // RFC 3339, UTC

export type Severity = 'critical' | 'major' | 'minor' | 'info';
export type Variant = 'highest' | 'lowest';
export type Profile = 'full' | 'economy' | 'keyframes';

export interface Problem {
  title: string;
  status: number;
  detail?: string;
}

export interface Maintenance {
  from: Instant;
  until: Instant;
  note?: string;
}

export interface MonitorMembers {
  url: string;
  name: string;
  program: number | null;
  detectors: string;
  options: Record<string, number>;
  profile: Profile;
  priority: number;
  labels: Record<string, string>;
  paused: boolean;
  timeout_s: number;
  stalled_after_s: number;
  variant: Variant;
  maintenance: Maintenance[];
}

// RFC 7396: null takes the default again.
export type MonitorPatch = {[Member in keyof MonitorMembers]?: MonitorMembers[Member] | null};

export interface Monitor extends MonitorMembers {
  id: string;
  created_at: Instant;
  changed_at: Instant;
  quarantined: string | null;
  status: MonitorStatus | null;
  score: number;
}

export interface MonitorStatus {
  state: 'connecting' | 'running' | 'stalled' | 'retrying' | 'ended';
  trouble: string | null;
  ladder: Profile | 'paused';
  position_s: number | null;
  lag_s: number | null;
  cpu_s: number | null;
  sessions: number;
  restarts: number;
  video_frames: number;
  dropped_packets: number;
  cost_s: Record<string, number>;
  input: Input | null;
  sound?: Sound | null;
}

export interface Sound {
  peak_dbfs: (number | null)[];  // of each channel
  momentary_lufs: number | null;
}

export interface Video {
  codec: string;
  width: number | null;  // until a picture has told it
  height: number | null;
  fps: number | null;
  pixel_format: string | null;
  rotation: number;
}

export interface Audio {
  codec: string;
  sample_rate: number | null;
  channels: number | null;
}

export interface Input {
  url: string;
  format: string;
  duration_s: number | null;
  program: number | null;
  video: Video | null;
  audio: Audio | null;
  audio_tracks: Audio[];
}

export interface Track {
  type: 'video' | 'audio';
  index: number;
  id: number | null;
  language: string | null;
}

export type Measures = Record<string, number | null>;

export interface CellMap {
  block?: number;  // pixels of the stream's picture across a cell
  columns: number;
  rows: number;
  cells: number[];  // 0 to 1, row by row from the top left
}

export interface Incident {
  id: string;
  monitor: string;
  kind: string;
  detector: string;
  track: Track | null;
  severity: Severity;
  started_at: Instant;
  ended_at: Instant | null;
  acknowledged_at: Instant | null;
  snoozed_until?: Instant | null;
  confidence: number;
  measures: Measures;
  note: string;
  muted?: boolean;  // it opened in a quiet time, and sinks were told nothing of it
  map?: CellMap | null;
}

export interface LiveEvent {
  id: string;
  event: 'open' | 'update' | 'close';
  time: Instant;
  monitor: {id: string; name: string};
  incident: Omit<Incident, 'monitor' | 'acknowledged_at' | 'snoozed_until' | 'muted' | 'map'>;
}

export type Column = (number | null)[];

export interface Measurements {
  step_s: number;
  at: Instant[];
  quantities: Record<string, {mean: Column; least: Column; greatest: Column}>;
}

export interface Sink {
  name: string;
  state: 'delivering' | 'retrying' | 'refused';
  trouble: string | null;
  delivered: number;
  dropped: number;
  failures: number;
  waiting: number;
  last_delay_s: number;
}

export interface DetectorOption {
  name: string;
  default: number;
  minimum: number;
  maximum: number;
  unit: string;
  help: string;
}

export interface Detector {
  name: string;
  summary: string;
  kinds: string[];
  options: DetectorOption[];
}

export interface ServiceFacts {
  version: string;
  started_at: Instant;
  role: 'read' | 'write';
  capacity_cores: number;
  used_cores: number;
  core_hour?: CoreHour;
}

// What a core that is busy for an hour costs, by list prices.
export interface CoreHour {
  usd: number;
  region: string;
  date: string;  // YYYY-MM-DD
  source: string;
}

export interface ClusterInstance {
  id: string;
  version: string;
  state: 'live' | 'draining';
  groups: string[];
  capacity_cores: number;
  used_cores: number;
  pairs: number;
  seen_at: Instant;
}

// A monitor and a group of detectors, which one instance should watch.
export interface ClusterPair {
  monitor: string;
  group: string;
  instances: string[];
}

export interface Cluster {
  name: string;
  connected: boolean;
  this_instance: string;
  groups: {name: string; detectors: string[]}[];
  instances: ClusterInstance[];
  pairs: ClusterPair[];
  coverage: {wanted: number; covered: number; uncovered: number; doubled: number};
}

export interface Delivery {
  sink: string;
  event: string;
  told_at: Instant;
  delivered_at: Instant | null;
}

export interface Probe {
  input: Input;
  picture: string | null;  // base64 of a JPEG
}

export interface IncidentQuery {
  monitor?: string;
  kind?: string;
  severity?: string;
  open?: boolean;
  from?: Instant;
  until?: Instant;
  limit?: number;
  cursor?: string;
}

export interface IncidentPage {
  incidents: Incident[];
  next: string | null;
}
