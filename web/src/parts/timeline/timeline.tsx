// A timeline to scale: rows of incidents, and curves below in the same time.

import {signal, type Signal} from '@preact/signals';
import {useMemo, useRef} from 'preact/hooks';
import type {Series} from '../../model/series';
import type {Quantity} from '../../model/quantities';
import {Axis} from './axis';
import type {Row} from './bars';
import {BarRow} from './bar_row';
import {CurveRow} from './curve_row';
import {keyMoves} from './keys';
import {shareOf, spanOf, type Range} from './scale';
import {usePointing} from './pointing';
import {useWidth} from './use_width';

export interface Curve {
  quantity: Quantity;
  limits: number[];
}

export interface TimelineProps {
  range: Range;
  rows: Row[];
  curves?: Curve[];
  series?: Series | null;
  offset?: number;  // of the zone, ms
  words: (at: number, step: number) => string;  // a time; step: what is worth telling apart, ms
  setRange: (range: Range) => void;
  open: (id: string) => void;
}

const leastGapPx = 3;  // between bars that can be told apart

export function Timeline(props: TimelineProps) {
  const {range, rows, setRange, words} = props;
  const plot = useRef<HTMLDivElement>(null);
  const width = useWidth(plot);
  const hover = useMemo(() => signal<number | null>(null), []);
  usePointing(plot, range, setRange, hover);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = keyMoves(event.key, range);
    if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setRange(next);
  };
  const gap = width > 0 ? (spanOf(range) / width) * leastGapPx : 0;
  return (
    <div class="timeline" role="group" tabIndex={0} onKeyDown={onKeyDown}
      aria-label="Timeline. Arrow keys move in time, plus and minus zoom.">
      <div class="timeline-plot-place" aria-hidden="true"><div class="timeline-plot" ref={plot}><CrossHair range={range} hover={hover} words={words} /></div></div>
      <Axis range={range} width={width} offset={props.offset ?? 0} words={words} />
      {rows.map((row) => (
        <BarRow key={row.kind} row={row} range={range} width={width} gap={gap} open={props.open} zoom={setRange} />
      ))}
      {(props.curves ?? []).map((curve) => (
        <CurveRow key={curve.quantity.name} curve={curve} series={props.series ?? null} rows={rows} range={range}
          width={width} hover={hover} />
      ))}
    </div>
  );
}

function CrossHair({range, hover, words}: {range: Range; hover: Signal<number | null>; words: TimelineProps['words']}) {
  const at = hover.value;
  if (at === null || at < range.from || at > range.until) return null;
  const share = shareOf(range, at);
  return (
    <div class={`crosshair ${share > 0.8 ? 'crosshair-left' : ''}`} style={{left: `${share * 100}%`}}>
      <span>{words(at, 1000)}</span>
    </div>
  );
}
