import {useEffect, useRef} from 'preact/hooks';
import type {CellMap, Video} from '../api/types';

const leastShown = 0.3;

// How likely each block of the picture is corrupt, over the picture that it is laid on.
// Where the stream's size is known, blocks that the edges cut are left out as they are in the map.
export function MapOverlay({map, video = null}: {map: CellMap; video?: Video | null}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => paint(canvas.current!, map), [map]);
  const corrupt = map.cells.filter((cell) => cell >= 0.5).length;
  const words = `${corrupt} of ${map.cells.length} blocks are likely corrupt`;
  return <canvas class="map-overlay" ref={canvas} width={map.columns} height={map.rows} style={sizeOf(map, video)} role="img" aria-label={words} />;
}

function sizeOf({block, columns, rows}: CellMap, video: Video | null) {
  if (block === undefined || !video?.width || !video.height) return {};
  const percent = (cells: number, pixels: number) => `${Math.min(100, (100 * cells * block) / pixels)}%`;
  return {width: percent(columns, video.width), height: percent(rows, video.height)};
}

function paint(canvas: HTMLCanvasElement, {columns, rows, cells}: CellMap): void {
  const image = new ImageData(columns, rows);
  cells.slice(0, columns * rows).forEach((cell, at) => {
    if (cell < leastShown) return;
    image.data.set([255, 40, 120, Math.round(60 + 140 * cell)], at * 4);
  });
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}
