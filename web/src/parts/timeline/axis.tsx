import {shareOf, ticksOf, type Range} from './scale';

interface Props {
  range: Range;
  width: number;  // px
  offset: number;
  words: (at: number, step: number) => string;
}

const labelWidth = 90;  // px

export function Axis({range, width, offset, words}: Props) {
  const {step, at} = ticksOf(range, Math.max(2, Math.floor(width / labelWidth)), offset);
  return (
    <div class="axis" aria-hidden="true">
      {at.map((tick) => (
        <span key={tick} style={{left: `${shareOf(range, tick) * 100}%`}}>{words(tick, step)}</span>
      ))}
    </div>
  );
}
