// Draws one quantity onto a canvas.

import type {Points, Series} from '../../model/series';
import {lowerBound} from '../../model/series';
import type {Colours} from '../use_colours';
import type {Bar} from './bars';
import {shareOf, type Range} from './scale';

interface Drawing {
  range: Range;
  series: Series | null;
  points: Points | undefined;
  low: number;
  high: number;
  limits: number[];
  bands: Bar[];
  colours: Colours;
  width: number;  // CSS px, as is the height
  height: number;
}

interface Stretch {
  x: number;
  least: number;
  greatest: number;
  mean: number;
}

const padding = 4;

export function drawCurve(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const {width, height, colours} = drawing;
  const scale = devicePixelRatio || 1;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const pen = canvas.getContext('2d')!;
  pen.scale(scale, scale);
  drawBands(pen, drawing);
  const runs = drawing.series ? runsOf(drawing) : [];
  const y = axisOf(drawing, runs);
  for (const limit of drawing.limits) drawLimit(pen, y(limit), width, colours);
  for (const run of runs) drawRun(pen, run, y, colours);
}

function drawBands(pen: CanvasRenderingContext2D, {bands, range, colours, width, height}: Drawing): void {
  for (const band of bands) {
    const from = Math.max(0, shareOf(range, band.from)) * width;
    const to = Math.min(1, band.to === null ? 1 : shareOf(range, band.to)) * width;
    if (to < 0 || from > width) continue;
    pen.globalAlpha = 0.18;
    pen.fillStyle = colours[band.severity];
    pen.fillRect(from, 0, Math.max(1, to - from), height);
  }
  pen.globalAlpha = 1;
}

// Rows joined to no more than one a pixel, in runs without a hole.
function runsOf({series, points, range, width}: Drawing): Stretch[][] {
  const {at, step_ms} = series!;
  const runs: Stretch[][] = [];
  let run: Stretch[] = [];
  let joined = 0;  // rows in the last stretch
  const first = Math.max(0, lowerBound(at, range.from) - 1);
  const last = Math.min(at.length, lowerBound(at, range.until) + 1);
  for (let row = first; row < last; ++row) {
    const mean = points?.mean[row] ?? null;
    const follows = row > first && at[row]! - at[row - 1]! <= step_ms * 1.5;
    if (mean === null || !follows) {
      if (run.length > 0) runs.push(run);
      run = [];
      joined = 0;
    }
    if (mean === null) continue;
    const least = points!.least[row] ?? mean;
    const greatest = points!.greatest[row] ?? mean;
    const x = shareOf(range, at[row]! + step_ms / 2) * width;
    const before = run.at(-1);
    if (before && Math.floor(before.x) === Math.floor(x)) {
      before.least = Math.min(before.least, least);
      before.greatest = Math.max(before.greatest, greatest);
      before.mean += (mean - before.mean) / ++joined;
    } else {
      run.push({x, least, greatest, mean});
      joined = 1;
    }
  }
  if (run.length > 0) runs.push(run);
  return runs;
}

// From a value to its height on the canvas. What is seen is the means: a single peak, as the motion of a cut, would
// press them flat, and leaves the canvas instead.
function axisOf({low, high, height}: Drawing, runs: Stretch[][]): (value: number) => number {
  for (const {mean} of runs.flat()) {
    low = Math.min(low, mean);
    high = Math.max(high, mean);
  }
  return (value) => padding + (1 - (value - low) / (high - low)) * (height - 2 * padding);
}

function drawLimit(pen: CanvasRenderingContext2D, y: number, width: number, colours: Colours): void {
  pen.strokeStyle = colours.limit;
  pen.setLineDash([4, 3]);
  pen.lineWidth = 1;
  pen.beginPath();
  pen.moveTo(0, Math.round(y) + 0.5);
  pen.lineTo(width, Math.round(y) + 0.5);
  pen.stroke();
  pen.setLineDash([]);
}

function drawRun(pen: CanvasRenderingContext2D, run: Stretch[], y: (value: number) => number, colours: Colours): void {
  pen.fillStyle = colours.curve;
  pen.globalAlpha = 0.25;
  pen.beginPath();
  for (const {x, greatest} of run) pen.lineTo(x, y(greatest) - 0.5);
  for (const {x, least} of [...run].reverse()) pen.lineTo(x, y(least) + 0.5);
  pen.fill();
  pen.globalAlpha = 1;
  pen.strokeStyle = colours.curve;
  pen.lineWidth = 1.25;
  pen.lineJoin = 'round';
  pen.beginPath();
  if (run.length === 1) pen.moveTo(run[0]!.x - 1, y(run[0]!.mean));
  for (const {x, mean} of run) pen.lineTo(x, y(mean));
  pen.stroke();
}
