// Words for numbers and times. Unknown is a dash, never 0.

import type {Zone} from '../state/settings';

export const unknown = '–';
const minus = '−';

export type Maybe = number | null | undefined;

export const isKnown = (value: Maybe): value is number => typeof value === 'number' && Number.isFinite(value);

export function number(value: Maybe, digits = 0): string {
  if (!isKnown(value)) return unknown;
  const text = Math.abs(value).toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return value < 0 && /[1-9]/.test(text) ? minus + text : text;
}

// About three digits that mean something.
export function significant(value: Maybe): string {
  if (!isKnown(value)) return unknown;
  const size = Math.abs(value);
  return number(value, size >= 100 || Number.isInteger(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3);
}

export const percent = (share: Maybe, digits = 0) =>
  isKnown(share) ? `${number(share * 100, digits)} %` : unknown;

// "$1,234", "$57.40", "$0.081", "$0.0063": three digits or so of what matters.
export function dollars(value: Maybe): string {
  if (!isKnown(value)) return unknown;
  const size = Math.abs(value);
  if (size > 0 && size < 0.0001) return 'under $0.0001';
  const digits = size >= 1000 ? 0 : size >= 1 || size === 0 ? 2 : size >= 0.01 ? 3 : 4;
  return `$${number(value, digits)}`;
}

export const count = (n: number, word: string) => `${number(n)} ${word}${n === 1 ? '' : 's'}`;

export function bitrate(bps: Maybe): string {
  if (!isKnown(bps)) return unknown;
  return bps >= 1e6 ? `${number(bps / 1e6, 2)} Mbit/s` : `${number(bps / 1e3)} kbit/s`;
}

// "350 ms", "12.4 s", "3 min 05 s", "2 h 10 min", "4 d 3 h".
export function duration(seconds: Maybe): string {
  if (!isKnown(seconds)) return unknown;
  if (seconds < 1) return `${number(seconds * 1000)} ms`;
  if (seconds < 60) return `${number(seconds, 1)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (whole < 3600) return `${minutes} min ${pad(whole % 60)} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${pad(minutes % 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor(whole / 3600) % 24} h`;
}

// The same with nothing smaller than a second, for what counts up before one's eyes.
export const elapsed = (seconds: number) => duration(Math.max(0, Math.floor(seconds))).replace('.0 s', ' s')
  .replace('0 ms', '0 s');

const pad = (n: number, digits = 2) => String(n).padStart(digits, '0');

// A position in a programme: "00:01:02.345".
export function position(seconds: Maybe, digits = 3): string {
  if (!isKnown(seconds)) return unknown;
  const scale = 10 ** digits;
  const units = Math.round(Math.abs(seconds) * scale);
  const whole = Math.floor(units / scale);
  const text = [whole / 3600, whole / 60 % 60, whole % 60].map((part) => pad(Math.floor(part))).join(':');
  return (seconds < 0 ? minus : '') + text + (digits ? `.${pad(units % scale, digits)}` : '');
}

interface Parts {
  day: string;
  time: string;
  ms: string;
}

function parts(ms: number, zone: Zone): Parts {
  const t = new Date(ms);
  const local = zone === 'local';
  const year = local ? t.getFullYear() : t.getUTCFullYear();
  const month = local ? t.getMonth() : t.getUTCMonth();
  const day = local ? t.getDate() : t.getUTCDate();
  const clock = local ? [t.getHours(), t.getMinutes(), t.getSeconds()]
    : [t.getUTCHours(), t.getUTCMinutes(), t.getUTCSeconds()];
  return {
    day: `${year}-${pad(month + 1)}-${pad(day)}`,
    time: clock.map((part) => pad(part)).join(':'),
    ms: pad(t.getUTCMilliseconds(), 3),
  };
}

export const timeOfDay = (ms: number, zone: Zone) => parts(ms, zone).time;
export const day = (ms: number, zone: Zone) => parts(ms, zone).day;

export function instant(ms: number, zone: Zone, withMs = false): string {
  const p = parts(ms, zone);
  return `${p.day} ${p.time}${withMs ? `.${p.ms}` : ''}`;
}

export const zoneName = (zone: Zone) => (zone === 'utc' ? 'UTC' : 'local time');

const plainNames: Record<string, string> = {mpegts: 'MPEG-TS', h264: 'H.264', hevc: 'HEVC', aac: 'AAC', mp2: 'MP2',
  ac3: 'AC-3', eac3: 'E-AC-3', mpeg2video: 'MPEG-2', av1: 'AV1', vp9: 'VP9', opus: 'Opus', hls: 'HLS', dash: 'DASH'};

export const technical = (name: string) => plainNames[name] ?? name;
