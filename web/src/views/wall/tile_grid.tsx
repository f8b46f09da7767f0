// A grid of tiles of one height, of which only those near the window's view are there.

import type {ComponentChild} from 'preact';
import {useLayoutEffect, useRef, useState} from 'preact/hooks';
import {Patient} from '../../parts/patient';

interface Props<T> {
  items: readonly T[];
  keyOf: (item: T) => string;
  render: (item: T) => ComponentChild;
  width: number;  // px of a column, at least
  heightOf: (width: number) => number;  // px of a row whose columns are that wide
  class: string;
}

interface Window {
  columns: number;
  height: number;  // px of a row
  first: number;  // row
  last: number;
}

const spareRows = 1;

export function TileGrid<T>({items, keyOf, render, width, heightOf, ...rest}: Props<T>) {
  const grid = useRef<HTMLUListElement>(null);
  const [view, setView] = useState<Window>({columns: 1, height: heightOf(width), first: 0, last: 12});
  useLayoutEffect(() => {
    const measure = () => setView((before) => same(before, viewOf(grid.current!, width, heightOf)));
    const observer = new ResizeObserver(measure);
    observer.observe(grid.current!);
    addEventListener('resize', measure);
    // Whatever scrolls: the page, or the wall in full screen.
    document.addEventListener('scroll', measure, {passive: true, capture: true});
    measure();
    return () => {
      observer.disconnect();
      removeEventListener('resize', measure);
      document.removeEventListener('scroll', measure, {capture: true});
    };
  }, [width]);

  const {columns, height, first, last} = view;
  const shown = items.slice(first * columns, last * columns);
  return (
    <ul {...rest} ref={grid} style={{height: `${Math.ceil(items.length / columns) * height}px`}}>
      {shown.map((item, at) => (
        <li key={keyOf(item)} style={placeOf(first * columns + at, columns, height)}>
          <Patient item={item} render={render} />
        </li>
      ))}
    </ul>
  );
}

// A list item moves by a transform alone, which lays nothing out anew.
function placeOf(index: number, columns: number, height: number) {
  const column = index % columns;
  const row = Math.floor(index / columns);
  return {width: `${100 / columns}%`, height: `${height}px`, transform: `translate(${column * 100}%, ${row * height}px)`};
}

function viewOf(grid: HTMLElement, width: number, heightOf: (width: number) => number): Window {
  const box = grid.getBoundingClientRect();
  const columns = Math.max(1, Math.floor(box.width / width));
  const height = heightOf(box.width / columns);
  const first = Math.max(0, Math.floor(-box.top / height) - spareRows);
  const last = Math.max(first, Math.ceil((innerHeight - box.top) / height) + spareRows);
  return {columns, height, first, last};
}

const same = (a: Window, b: Window) =>
  (a.columns === b.columns && a.height === b.height && a.first === b.first && a.last === b.last ? a : b);
