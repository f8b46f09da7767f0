import type {RefObject} from 'preact';
import {useLayoutEffect, useState} from 'preact/hooks';

// The width of an element in px, as it changes.
export function useWidth(element: RefObject<HTMLElement>): number {
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => setWidth(element.current?.clientWidth ?? 0));
    observer.observe(element.current!);
    return () => observer.disconnect();
  }, []);
  return width;
}
