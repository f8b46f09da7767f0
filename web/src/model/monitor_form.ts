// A monitor as a form holds it, and what is sent of it.

import type {Maintenance, Monitor, MonitorMembers, MonitorPatch, Profile, Variant} from '../api/types';
import {labelsText, parseLabels} from './labels';

export interface MonitorForm {
  url: string;
  name: string;
  program: string;
  variant: Variant;
  detectors: string;
  options: Record<string, string>;
  profile: Profile;
  priority: string;
  labels: string;
  timeout_s: string;
  stalled_after_s: string;
  maintenance: Maintenance[];
}

export const emptyForm: MonitorForm = {
  url: '', name: '', program: '', variant: 'highest', detectors: 'all', options: {}, profile: 'full', priority: '0', labels: '',
  timeout_s: '10', stalled_after_s: '2', maintenance: [],
};

export function formOf(monitor: Monitor): MonitorForm {
  return {
    url: monitor.url,
    name: monitor.name,
    program: monitor.program === null ? '' : String(monitor.program),
    variant: monitor.variant ?? 'highest',
    detectors: monitor.detectors,
    options: Object.fromEntries(Object.entries(monitor.options).map(([name, value]) => [name, String(value)])),
    profile: monitor.profile,
    priority: String(monitor.priority),
    labels: labelsText(monitor.labels),
    timeout_s: String(monitor.timeout_s),
    stalled_after_s: String(monitor.stalled_after_s),
    maintenance: monitor.maintenance,
  };
}

// A member that can't be sent, in words to show at its field.
export class FieldError extends Error {
  constructor(readonly member: string, message: string) {
    super(message);
  }
}

function numberOf(member: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new FieldError(member, 'must be a number');
  return value;
}

// Throws FieldError. What is empty is left to the service's default.
export function specOf(form: MonitorForm): Partial<MonitorMembers> {
  if (form.url.trim() === '') throw new FieldError('url', 'An address is needed');
  const spec: Partial<MonitorMembers> = {
    url: form.url.trim(),
    variant: form.variant,
    detectors: form.detectors,
    profile: form.profile,
    priority: numberOf('priority', form.priority),
    timeout_s: numberOf('timeout_s', form.timeout_s),
    stalled_after_s: numberOf('stalled_after_s', form.stalled_after_s),
    labels: labelsIn(form),
    options: optionsIn(form),
    maintenance: form.maintenance,
  };
  if (form.name.trim()) spec.name = form.name.trim();
  if (form.program.trim()) spec.program = numberOf('program', form.program);
  return spec;
}

function labelsIn(form: MonitorForm): Record<string, string> {
  try {
    return parseLabels(form.labels);
  } catch (error) {
    throw new FieldError('labels', (error as Error).message);
  }
}

function optionsIn(form: MonitorForm): Record<string, number> {
  const set = Object.entries(form.options).filter(([, text]) => text.trim() !== '');
  return Object.fromEntries(set.map(([name, text]) => [name, numberOf(name, text)]));
}

// The members that differ. A merge patch (RFC 7396) keeps what it does not name, so members of members that are gone
// are named with null. The address is shown without its password, so that it is sent only when it was changed.
export function patchOf(form: MonitorForm, before: Monitor): MonitorPatch {
  const spec: MonitorPatch = {name: null, program: null, ...specOf(form)};
  const patch: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(spec)) {
    const known = before[member as keyof MonitorMembers] ?? null;
    if (JSON.stringify(known) === JSON.stringify(value)) continue;
    patch[member] = isMap(value) && isMap(known) ? mapPatch(value, known) : value;
  }
  return patch as MonitorPatch;
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function mapPatch(after: Record<string, unknown>, before: Record<string, unknown>): Record<string, unknown> {
  const gone = Object.keys(before).filter((name) => !(name in after)).map((name) => [name, null]);
  return {...after, ...Object.fromEntries(gone)};
}
