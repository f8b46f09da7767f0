// A measure's name and value in words: the unit is how its name ends, so offset_ms 80 is "offset", "80 ms".

import {isKnown, percent, significant, type Maybe} from './format';

const units: [string, string][] = [
  ['_lufs', 'LUFS'], ['_dbtp', 'dBTP'], ['_dbfs', 'dBFS'], ['_db', 'dB'], ['_lu', 'LU'], ['_hz', 'Hz'],
  ['_bps', 'bit/s'], ['_per_s', '/s'], ['_ms', 'ms'], ['_s', 's'], ['_px', 'px'],
];
const shares = ['_share', '_ratio', '_fraction'];

const words = (name: string) => name.replaceAll('_', ' ');

export function measureWords(name: string, value: Maybe): [string, string] {
  if (shares.some((suffix) => name.endsWith(suffix)) && isKnown(value)) return [words(name), percent(value, 1)];
  const unit = units.find(([suffix]) => name.endsWith(suffix));
  const label = words(unit ? name.slice(0, -unit[0].length) : name);
  return [label, significant(value) + (unit && isKnown(value) ? ` ${unit[1]}` : '')];
}
