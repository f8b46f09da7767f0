// The colours of the style sheet, for what is drawn on a canvas.

import {useMemo} from 'preact/hooks';
import type {Severity} from '../api/types';
import {colours} from '../state/settings';

export type Colours = Record<Severity | 'curve' | 'limit', string>;

const names = ['critical', 'major', 'minor', 'info', 'curve', 'limit'] as const;

function read(): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours;
}

export function useColours(): Colours {
  return useMemo(read, [colours.value]);
}
