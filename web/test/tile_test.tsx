// @vitest-environment jsdom

import {render} from 'preact';
import {afterEach, expect, test, vi} from 'vitest';
import {conditionOf} from '../src/model/condition';
import {parseRoute} from '../src/route';
import {Tile} from '../src/views/wall/tile';
import {incident, monitor} from './made';

vi.stubGlobal('fetch', async () => new Response('', {status: 404}));

let place: HTMLElement;
afterEach(() => render(null, place));

function drawn(m: ReturnType<typeof monitor>, ...open: ReturnType<typeof incident>[]): HTMLElement {
  place = document.createElement('div');
  render(<Tile watched={{monitor: m, condition: conditionOf(m, open, Date.now())}} />, place);
  return place;
}

test('a name is text, whatever it says', () => {
  const name = '<img src=x onerror="window.hit = true">';
  drawn(monitor({name}), incident({note: name}));
  expect(place.querySelector('img')).toBeNull();
  expect(place.textContent).toContain(name);
});

test('a tile tells its state and what is wrong in words', () => {
  const text = drawn(monitor({score: 40}), incident(), incident({id: 'b', kind: 'audio.silence'}), incident({id: 'c', kind: 'av.sync', severity: 'major'})).textContent;
  for (const words of ['Defect', 'One', '40', 'Frozen picture', 'Silence', 'and 1 more']) expect(text).toContain(words);
});

test('an address leads to its view', () => {
  expect(parseRoute('#/monitors/m1/change')).toMatchObject({path: ['monitors', 'm1', 'change']});
  expect(parseRoute('').path).toEqual([]);
  expect(parseRoute('#/incidents/%E0%A4%A').path).toEqual(['incidents', '%E0%A4%A']);
  expect(parseRoute('#/incidents?kind=a%26b').parameters.get('kind')).toBe('a&b');
});
