// The quantities that are measured over time: how each is called, drawn, and judged.

import {bitrate, isKnown, number, percent, type Maybe} from './format';

export interface Threshold {
  option: string;  // "silence.floor_dbfs", whose default this is
  value: number;
  sign?: -1;  // the option gives the size of a negative limit
}

export interface Quantity {
  name: string;
  title: string;
  words: (value: Maybe) => string;
  low: number;  // what the axis spans at least
  high: number;
  thresholds: Threshold[];
  kinds: string[];  // of which it is the evidence
}

const withUnit = (unit: string, digits: number) => (value: Maybe) =>
  number(value, digits) + (isKnown(value) ? ` ${unit}` : '');
const share = (value: Maybe) => percent(value, 1);

export const quantities: Quantity[] = [
  {name: 'luma_mean', title: 'Luma', words: withUnit('', 0), low: 0, high: 255, thresholds: [],
    kinds: ['video.solid', 'video.levels', 'video.color_bars', 'video.flash']},
  {name: 'dark_share', title: 'Dark share', words: share, low: 0, high: 1,
    thresholds: [{option: 'black.share', value: 0.98}], kinds: ['video.black', 'video.letterbox']},
  {name: 'motion_mean', title: 'Motion', words: withUnit('', 2), low: 0, high: 4,
    thresholds: [{option: 'freeze.mean_change', value: 1}],
    kinds: ['video.freeze', 'video.stutter', 'video.interlaced']},
  {name: 'edge_slope', title: 'Sharpness', words: withUnit('', 2), low: 0, high: 0.5, thresholds: [],
    kinds: ['video.blur']},
  {name: 'block_grid_share', title: 'Blockiness', words: share, low: 0, high: 0.1,
    thresholds: [{option: 'blockiness.share', value: 0.05}], kinds: ['video.blockiness']},
  {name: 'corrupt_share', title: 'Corrupt area', words: share, low: 0, high: 0.1,
    thresholds: [{option: 'corruption.area', value: 0.03}], kinds: ['video.corruption', 'video.decode_error']},
  {name: 'momentary_lufs', title: 'Loudness, momentary', words: withUnit('LUFS', 1), low: -60, high: 0,
    thresholds: [{option: 'loudness.target_lufs', value: -23}], kinds: []},
  {name: 'short_term_lufs', title: 'Loudness, short-term', words: withUnit('LUFS', 1), low: -60, high: 0,
    thresholds: [{option: 'loudness.target_lufs', value: -23}], kinds: ['audio.loudness']},
  {name: 'integrated_lufs', title: 'Loudness, integrated', words: withUnit('LUFS', 1), low: -60, high: 0,
    thresholds: [{option: 'loudness.target_lufs', value: -23}], kinds: []},
  {name: 'true_peak_dbtp', title: 'True peak', words: withUnit('dBTP', 1), low: -60, high: 3,
    thresholds: [{option: 'loudness.true_peak_dbtp', value: -1}], kinds: ['audio.clipping']},
  {name: 'peak_dbfs', title: 'Peak', words: withUnit('dBFS', 1), low: -80, high: 0,
    thresholds: [{option: 'silence.floor_dbfs', value: -60}],
    kinds: ['audio.silence', 'audio.dropout', 'audio.channel_missing', 'audio.phase', 'audio.click', 'audio.hum',
      'audio.hiss']},
  {name: 'av_offset_ms', title: 'A/V offset', words: withUnit('ms', 0), low: -150, high: 150,
    thresholds: [{option: 'sync.late_ms', value: 125}, {option: 'sync.early_ms', value: 45, sign: -1}],
    kinds: ['av.sync']},
  {name: 'pictures_per_s', title: 'Picture rate', words: withUnit('/s', 1), low: 0, high: 30, thresholds: [],
    kinds: ['video.missing', 'video.stutter']},
  {name: 'bitrate_bps', title: 'Bit rate', words: bitrate, low: 0, high: 1e6, thresholds: [],
    kinds: ['transport.gap', 'transport.stalled', 'audio.missing', 'video.decode_error']},
  {name: 'lag_s', title: 'Lag', words: withUnit('s', 2), low: 0, high: 1, thresholds: [], kinds: ['monitor.degraded']},
  {name: 'cpu_s', title: 'CPU', words: (value) => percent(value), low: 0, high: 0.2, thresholds: [],
    kinds: ['monitor.degraded']},
];

export function limitsOf(quantity: Quantity, options: Record<string, number>): number[] {
  return quantity.thresholds.map(({option, value, sign}) => (options[option] ?? value) * (sign ?? 1));
}

export const evidenceOf = (kind: string) => quantities.filter((quantity) => quantity.kinds.includes(kind));
