import type {Severity} from '../api/types';

export const severities: readonly Severity[] = ['critical', 'major', 'minor', 'info'];

export const rankOf = (severity: Severity) => severities.indexOf(severity);

export function worst(items: readonly {severity: Severity}[]): Severity | null {
  const ranks = items.map((item) => rankOf(item.severity));
  return severities[Math.min(...ranks)] ?? null;
}
