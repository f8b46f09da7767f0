// The incidents of a query, page by page.

import {useEffect, useState} from 'preact/hooks';
import {api} from '../../api/client';
import {wordsOf} from '../../api/errors';
import type {Incident, IncidentQuery} from '../../api/types';

interface Pages {
  incidents: Incident[] | null;  // null: not read yet
  next: string | null;
  words: string | null;  // what failed
}

const pageSize = 200;
const settleMs = 300;  // events come in crowds

export function usePages(query: IncidentQuery, inputs: unknown[]) {
  const [pages, setPages] = useState<Pages>({incidents: null, next: null, words: null});
  const [attempt, setAttempt] = useState(0);
  const failed = (error: unknown) => setPages((before) => ({...before, words: wordsOf(error)}));

  useEffect(() => {
    let stale = false;
    const read = () => {
      // What was unfolded stays so.
      const limit = Math.min(1000, Math.max(pageSize, pages.incidents?.length ?? 0));
      api.incidents({...query, limit}).then(
        (page) => stale || setPages({incidents: page.incidents, next: page.next, words: null}),
        (error: unknown) => stale || failed(error));
    };
    const timer = setTimeout(read, pages.incidents ? settleMs : 0);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [...inputs, attempt]);

  const more = () => void api.incidents({...query, limit: pageSize, cursor: pages.next ?? ''}).then(
    (page) => setPages((before) => ({incidents: [...(before.incidents ?? []), ...page.incidents], next: page.next, words: null})),
    failed);
  return {...pages, hasMore: pages.next !== null, more, again: () => setAttempt(attempt + 1)};
}
