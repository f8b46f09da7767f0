// The pointer over a timeline: it shows the time, drags the line along, and zooms with the wheel while Ctrl or Shift
// is held, so that the page still scrolls.

import type {Signal} from '@preact/signals';
import type {RefObject} from 'preact';
import {useEffect, useRef} from 'preact/hooks';
import {moved, timeAt, zoomed, type Range} from './scale';

const dragFromPx = 4;

export function usePointing(plot: RefObject<HTMLElement>, range: Range, setRange: (range: Range) => void,
                            hover: Signal<number | null>): void {
  const latest = useRef({range, setRange});
  latest.current = {range, setRange};
  useEffect(() => {
    const timeline = plot.current!.closest<HTMLElement>('.timeline')!;
    const share = (event: MouseEvent) => {
      const box = plot.current!.getBoundingClientRect();
      return (event.clientX - box.left) / box.width;
    };
    let drag: {share: number; range: Range; moving: boolean} | null = null;

    const down = (event: PointerEvent) => {
      if (event.button === 0 && share(event) >= 0) drag = {share: share(event), range: latest.current.range, moving: false};
    };
    const move = (event: PointerEvent) => {
      const at = share(event);
      hover.value = at >= 0 && at <= 1 ? timeAt(latest.current.range, at) : null;
      if (!drag) return;
      const way = at - drag.share;
      if (!drag.moving && Math.abs(way) * plot.current!.clientWidth < dragFromPx) return;
      if (!drag.moving) timeline.setPointerCapture(event.pointerId);
      drag.moving = true;
      latest.current.setRange(moved(drag.range, -way));
    };
    const up = () => (drag = null);
    const leave = () => (hover.value = null);
    const wheel = (event: WheelEvent) => {
      if (!event.ctrlKey && !event.shiftKey) return;
      event.preventDefault();
      const turned = event.deltaY || event.deltaX;
      latest.current.setRange(zoomed(latest.current.range, turned > 0 ? 1.25 : 0.8, share(event)));
    };
    timeline.addEventListener('pointerdown', down);
    timeline.addEventListener('pointermove', move);
    timeline.addEventListener('pointerup', up);
    timeline.addEventListener('pointercancel', up);
    timeline.addEventListener('pointerleave', leave);
    timeline.addEventListener('wheel', wheel, {passive: false});
    return () => {
      timeline.removeEventListener('pointerdown', down);
      timeline.removeEventListener('pointermove', move);
      timeline.removeEventListener('pointerup', up);
      timeline.removeEventListener('pointercancel', up);
      timeline.removeEventListener('pointerleave', leave);
      timeline.removeEventListener('wheel', wheel);
    };
  }, []);
}
