import {expect, test} from 'vitest';
import {emptyForm, FieldError, formOf, patchOf, specOf} from '../src/model/monitor_form';
import {monitor} from './made';

test('a new monitor names only what was filled in', () => {
  expect(specOf({...emptyForm, url: ' udp://127.0.0.1:9 '})).toEqual({url: 'udp://127.0.0.1:9', variant: 'highest', detectors: 'all', profile: 'full',
    priority: 0, timeout_s: 10, stalled_after_s: 2, labels: {}, options: {}, maintenance: []});
});

test('what is no number is said at its field', () => {
  const member = (part: object) => {
    try {
      specOf({...emptyForm, url: 'x', ...part});
    } catch (error) {
      return (error as FieldError).member;
    }
    return null;
  };
  expect(member({url: ''})).toBe('url');
  expect(member({priority: 'high'})).toBe('priority');
  expect(member({options: {'freeze.duration_s': 'long'}})).toBe('freeze.duration_s');
  expect(member({labels: 'x'})).toBe('labels');
});

test('a form that was not touched changes nothing, and does not send the address without its password', () => {
  const before = monitor({options: {'freeze.duration_s': 1}, labels: {a: '1'}, program: 3});
  expect(patchOf(formOf(before), before)).toEqual({});
});

test('what was emptied takes its default again', () => {
  const before = monitor({options: {'freeze.duration_s': 1, 'black.share': 0.9}, labels: {a: '1'}, program: 3});
  const form = {...formOf(before), options: {'freeze.duration_s': '', 'black.share': '0.9'}, labels: '', program: '', name: ''};
  expect(patchOf(form, before)).toEqual({options: {'freeze.duration_s': null, 'black.share': 0.9}, labels: {a: null}, program: null, name: null});
});
