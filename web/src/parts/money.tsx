import {priceWords} from '../model/cost';
import {dollars} from '../model/format';
import {coreHour} from '../state/cores';

interface Props {
  cores: number | null;
  hours?: number;
  before?: string;
  after?: string;
}

// What so many cores cost; nothing with a service that does not tell its price.
export function Money({cores, hours = 1, before = '', after = ''}: Props) {
  const price = coreHour.value;
  if (!price) return null;
  return <>{before}<span title={priceWords(price)}>{dollars(cores === null ? null : cores * price.usd * hours)}{after}</span></>;
}
