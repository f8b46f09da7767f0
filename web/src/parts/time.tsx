// Times as the person wants them: local or UTC.

import {elapsed, instant, timeOfDay, day} from '../model/format';
import {now} from '../state/clock';
import {zone} from '../state/settings';

export function Time({at, exact = false}: {at: string | number; exact?: boolean}) {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return <time dateTime={new Date(ms).toISOString()}>{instant(ms, zone.value, exact)}</time>;
}

// The time alone where it is today's.
export function ShortTime({at}: {at: string}) {
  const ms = Date.parse(at);
  const z = zone.value;
  const today = day(ms, z) === day(now.value, z);
  return <time dateTime={at}>{today ? timeOfDay(ms, z) : instant(ms, z)}</time>;
}

// How long it has lasted, and goes on to.
export function Since({at}: {at: string}) {
  return <span>{elapsed((now.value - Date.parse(at)) / 1000)}</span>;
}
