'use strict';

// Words for numbers.

const UNKNOWN = '\u2013';
const MINUS = '\u2212';
const UNITS = [
  ['_lufs', 'LUFS'],
  ['_dbtp', 'dBTP'],
  ['_dbfs', 'dBFS'],
  ['_db', 'dB'],
  ['_lu', 'LU'],
  ['_hz', 'Hz'],
  ['_per_s', '/s'],
  ['_ms', 'ms'],
  ['_s', 's'],
  ['_px', 'px'],
];
const SHARES = ['_share', '_ratio', '_fraction'];

const known = (value) => typeof value === 'number' && Number.isFinite(value);

function number(value, digits, atLeast = digits) {
  if (!known(value)) return UNKNOWN;
  const text = Math.abs(value).toLocaleString('en-US', {
    maximumFractionDigits: digits,
    minimumFractionDigits: atLeast,
  });
  return value < 0 && /[1-9]/.test(text) ? MINUS + text : text;
}

function significant(value) {
  const size = Math.abs(value);
  return number(value, size >= 100 ? 1 : size >= 1 ? 2 : 4, 0);
}

function clock(seconds, digits = 3) {
  if (!known(seconds)) return UNKNOWN;
  const scale = 10 ** digits;
  let units = Math.round(Math.abs(seconds) * scale);
  const fraction = String(units % scale).padStart(digits, '0');
  units = Math.floor(units / scale);
  const pad = (n) => String(n).padStart(2, '0');
  const text = `${pad(Math.floor(units / 3600))}:${pad(Math.floor(units / 60) % 60)}:${pad(units % 60)}`;
  return (seconds < 0 ? MINUS : '') + text + (digits ? '.' + fraction : '');
}

function length(seconds) {
  if (!known(seconds)) return UNKNOWN;
  if (seconds < 1) return `${number(seconds * 1000, 0)} ms`;
  if (seconds < 60) return `${number(seconds, 2)} s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60) % 60;
  const hours = Math.floor(whole / 3600);
  return hours ? `${hours} h ${minutes} min` : `${minutes} min ${whole % 60} s`;
}

// From when to when; an incident without an end is still open.
const interval = ({start_s: start, end_s: end}) =>
  `${clock(start)} \u2013 ${known(end) ? clock(end) : 'end'}`;

const percent = (share, digits = 0) => (known(share) ? `${number(share * 100, digits)}\u00a0%` : UNKNOWN);

const count = (n, word) => `${number(n, 0)} ${word}${n === 1 ? '' : 's'}`;

// A measure's value with the unit that its name ends in: offset_ms 80 is 'offset', '80 ms'.
function measure(name, value) {
  const share = SHARES.find((suffix) => name.endsWith(suffix));
  if (share && known(value)) return [words(name), percent(value, 1)];
  const unit = UNITS.find(([suffix]) => name.endsWith(suffix));
  const label = words(unit ? name.slice(0, -unit[0].length) : name);
  return [label, unit ? `${plain(value)}\u00a0${unit[1]}` : plain(value)];
}

const words = (name) => name.replaceAll('_', ' ');

function plain(value) {
  if (value === null || value === undefined) return UNKNOWN;
  if (known(value)) return significant(value);
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
