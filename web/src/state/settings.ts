// What a person has chosen for this browser.

import {computed, effect, signal, type Signal} from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
export type Zone = 'local' | 'utc';
export type TileSize = 'medium' | 'small' | 'large';

// The first value is the default.
function kept<T extends string>(name: string, values: readonly T[]): Signal<T> {
  const key = `monolens.${name}`;
  const before = localStorage.getItem(key) as T | null;
  const setting = signal(before && values.includes(before) ? before : values[0]!);
  effect(() => localStorage.setItem(key, setting.value));
  return setting;
}

export const theme = kept<Theme>('theme', ['system', 'light', 'dark']);
export const zone = kept<Zone>('zone', ['local', 'utc']);
const isNarrow = innerWidth < 640;
export const tileSize = kept<TileSize>('tile_size', isNarrow ? ['small', 'medium', 'large'] : ['medium', 'small', 'large']);

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const systemIsDark = signal(prefersDark.matches);
prefersDark.addEventListener('change', () => (systemIsDark.value = prefersDark.matches));

export const colours = computed(() =>
  (theme.value === 'dark' || (theme.value === 'system' && systemIsDark.value) ? 'dark' : 'light'));

// Before anything is drawn, and whenever it changes.
effect(() => {
  document.documentElement.dataset['theme'] = colours.value;
});
