import {expect, test} from 'vitest';
import {chosenOf, listOf} from '../src/model/detector_list';
import {grouped, hasWords, incidentFilterOf, queryOf} from '../src/model/incident_filter';
import {labelsText, parseLabels} from '../src/model/labels';
import {conditionOf} from '../src/model/condition';
import {everything, passes} from '../src/model/wall_filter';
import {incident, monitor} from './made';

const names = ['freeze', 'black', 'silence', 'loudness', 'sync'];

test('a list of detectors is read as the command line reads it', () => {
  expect([...chosenOf('all,-loudness', names)]).toEqual(['freeze', 'black', 'silence', 'sync']);
  expect([...chosenOf('-freeze', names)]).toEqual(['black', 'silence', 'loudness', 'sync']);
  expect([...chosenOf('black, silence', names)]).toEqual(['black', 'silence']);
});

test('a list of detectors is written short, and reads back the same', () => {
  for (const list of ['all', 'all,-loudness', 'black,silence', '']) {
    expect(listOf(chosenOf(list, names), names)).toBe(list);
  }
});

test('labels are lines, and what is none is said', () => {
  expect(parseLabels(' region = north \n\n tier=a=b')).toEqual({region: 'north', tier: 'a=b'});
  expect(parseLabels(labelsText({a: '1', b: '2'}))).toEqual({a: '1', b: '2'});
  expect(() => parseLabels('north')).toThrow('“north” is not of the form name = value');
});

test('the wall is filtered by text, label, kind and state', () => {
  const m = monitor({name: 'News One', labels: {region: 'north'}});
  const watched = {monitor: m, condition: conditionOf(m, [incident()], 0)};
  const shown = (part: object) => passes({...everything, ...part}, watched);
  expect([shown({}), shown({text: 'one news'}), shown({label: 'region=north'}), shown({kind: 'video.freeze'}), shown({state: 'defect'})])
    .toEqual([true, true, true, true, true]);
  expect([shown({text: 'two'}), shown({label: 'region=south'}), shown({kind: 'video.black'}), shown({state: 'ok'})])
    .toEqual([false, false, false, false]);
});

test('a filter comes from the address, and nonsense in it is nothing', () => {
  const filter = incidentFilterOf(new URLSearchParams('kind=video.freeze&open=true&severity=awful&period=hour'));
  expect(queryOf(filter, Date.parse('2026-11-29T13:00:00Z'))).toEqual(
    {kind: 'video.freeze', open: true, from: '2026-11-29T12:00:00.000Z'});
});

test('incidents are searched in all their words', () => {
  expect(hasWords('FROZEN one', incident(), 'News One')).toBe(true);
  expect(hasWords('frozen two', incident(), 'News One')).toBe(false);
});

test('groups have the largest first', () => {
  const all = [incident({kind: 'a'}), incident({kind: 'b'}), incident({kind: 'b'})];
  expect(grouped(all, 'kind').map(({key, incidents}) => [key, incidents.length])).toEqual([['b', 2], ['a', 1]]);
  expect(grouped(all, '')).toHaveLength(1);
});
