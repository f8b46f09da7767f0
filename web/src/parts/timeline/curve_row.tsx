import type {Signal} from '@preact/signals';
import {useEffect, useRef} from 'preact/hooks';
import type {Points, Series} from '../../model/series';
import {valueAt} from '../../model/series';
import {useColours} from '../use_colours';
import type {Row} from './bars';
import {drawCurve} from './draw_curve';
import type {Range} from './scale';
import type {Curve} from './timeline';

interface Props {
  curve: Curve;
  series: Series | null;
  rows: Row[];
  range: Range;
  width: number;
  hover: Signal<number | null>;
}

export const curveHeight = 54;

// One quantity over time: its mean, between its least and greatest, and the limits that it is judged by.
export function CurveRow({curve, series, rows, range, width, hover}: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const colours = useColours();
  const {quantity, limits} = curve;
  const points = series?.quantities[quantity.name];
  const bands = rows.filter((row) => quantity.kinds.includes(row.kind)).flatMap((row) => row.bars);
  useEffect(() => {
    if (canvas.current && width > 0) {
      drawCurve(canvas.current, {range, series, points, low: quantity.low, high: quantity.high, limits, bands, colours,
        width, height: curveHeight});
    }
  });
  return (
    <div class="timeline-row timeline-curve" data-quantity={quantity.name}>
      <span class="timeline-title">{quantity.title}<Value hover={hover} series={series} points={points} curve={curve} /></span>
      <canvas ref={canvas} role="img" aria-label={`${quantity.title}: ${spread(curve, points)}`} />
    </div>
  );
}

function Value({hover, series, points, curve}: {hover: Signal<number | null>; series: Series | null; points: Points | undefined; curve: Curve}) {
  const latest = points?.mean.at(-1) ?? points?.mean.at(-2) ?? null;
  const value = hover.value === null || !series ? latest : valueAt(series, points, hover.value);
  return <b>{curve.quantity.words(value)}</b>;
}

function spread({quantity}: Curve, points: Points | undefined): string {
  const least = Math.min(...(points?.least ?? []).filter((value) => value !== null));
  const greatest = Math.max(...(points?.greatest ?? []).filter((value) => value !== null));
  return least <= greatest ? `from ${quantity.words(least)} to ${quantity.words(greatest)}` : 'not measured';
}
