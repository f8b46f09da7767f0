import {useLayoutEffect, useState} from 'preact/hooks';
import type {Monitor} from '../api/types';
import {elapsed} from '../model/format';
import {now} from '../state/clock';
import {watchPicture} from '../state/pictures';

const oldAfterMs = 10_000;

// The newest picture of a stream, and how old it is once it is old. REQUIRES: a key, where the monitor may change.
export function Thumbnail({monitor}: {monitor: Monitor}) {
  const [watching] = useState(() => watchPicture(monitor.id));
  useLayoutEffect(() => watching.forget, []);
  const shown = watching.picture.value;
  if (!shown) return <div class="thumbnail thumbnail-none">{noPicture(monitor)}</div>;
  const age = now.value - shown.taken_ms;
  return (
    <div class="thumbnail">
      <img src={shown.url} alt="" />
      {age > oldAfterMs && <span class="thumbnail-age">{elapsed(age / 1000)} old</span>}
    </div>
  );
}

function noPicture(monitor: Monitor): string {
  const input = monitor.status?.input;
  return input && !input.video ? 'Sound only' : 'No picture yet';
}
