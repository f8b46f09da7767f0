// Reads the incidents and measurements of a stretch of time, and goes on reading while it follows the time.

import {useEffect, useRef, useState} from 'preact/hooks';
import {api} from '../../api/client';
import {wordsOf} from '../../api/errors';
import type {Incident} from '../../api/types';
import {joined, seriesOf, stepFor, type Series} from '../../model/series';
import {spanOf, type Range} from '../../parts/timeline/scale';
import {useNews} from '../../state/use_news';

interface History {
  series: Series | null;
  incidents: Incident[];
  words: string | null;  // what failed
}

interface Known {
  series: Series;
  from: number;  // the start of what was asked for, ms
}

const followEveryMs = 2000;
const settleMs = 150;  // a drag asks once it rests
const mostIncidents = 1000;

export function useHistory(id: string, range: Range, follows: boolean): History {
  const [history, setHistory] = useState<History>({series: null, incidents: [], words: null});
  const known = useRef<Known | null>(null);
  const [tick, setTick] = useState(0);
  const step = stepFor(spanOf(range));
  const told = useNews((event) => event.monitor.id === id);

  useEffect(() => {
    if (!follows) return undefined;
    const timer = setInterval(() => setTick((before) => before + 1), Math.max(followEveryMs, spanOf(range) / 400));
    return () => clearInterval(timer);
  }, [follows, spanOf(range)]);

  // What follows the time moves by itself: it is read anew by the tick alone.
  const position = follows ? `${spanOf(range)} ${tick}` : `${range.from} ${range.until}`;
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(() => {
      read(id, range, step, known.current, abort.signal).then(
        ([next, incidents]) => {
          known.current = next;
          setHistory({series: next.series, incidents, words: null});
        },
        (error: unknown) => abort.signal.aborted || setHistory((before) => ({...before, words: wordsOf(error)})));
    }, known.current === null ? 0 : settleMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [id, position, step, told]);
  return history;
}

// Asks for the rows alone that are not known.
async function read(id: string, range: Range, step: number, known: Known | null,
                    signal: AbortSignal): Promise<[Known, Incident[]]> {
  const first = range.from - spanOf(range) * 0.05;
  const goesOn = known?.series.step_ms === step * 1000 && known.from <= first && lastSure(known.series) >= first;
  const from = goesOn ? lastSure(known.series) : first;
  const [measurements, page] = await Promise.all([
    api.measurements(id, {from: iso(from), until: iso(range.until + step * 1000), step}, signal),
    api.incidents({monitor: id, from: iso(first), until: iso(range.until), limit: mostIncidents}),
  ]);
  const newer = seriesOf(measurements);
  const series = goesOn ? joined(known.series, newer, first) : newer;
  return [{series, from: first}, page.incidents];
}

// The last rows may have been read before they were complete.
const lastSure = (series: Series) => series.at.at(-3) ?? -Infinity;

const iso = (ms: number) => new Date(ms).toISOString();
