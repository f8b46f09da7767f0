import {day, timeOfDay} from '../../model/format';
import type {Zone} from '../../state/settings';

const dayMs = 86_400_000;

// A time of the axis: no finer than what tells it from its neighbours.
export function axisWords(at: number, step: number, zone: Zone): string {
  if (step >= dayMs) return day(at, zone).slice(5);
  const time = timeOfDay(at, zone);
  if (time === '00:00:00') return day(at, zone).slice(5);
  return step >= 60_000 ? time.slice(0, 5) : time;
}

// What is added to UTC, ms. Of one moment: a range over a change to summer time has some of its ticks at odd hours.
export const offsetOf = (at: number, zone: Zone) => (zone === 'utc' ? 0 : -new Date(at).getTimezoneOffset() * 60_000);
