import {useRef} from 'preact/hooks';
import type {LiveEvent} from '../api/types';
import {news} from './incidents';

// The id of the last event that concerns the view: when it changes, the view reads anew.
export function useNews(concerns: (event: LiveEvent) => boolean): string | null {
  const last = useRef<string | null>(null);
  for (const event of news.value) {
    if (concerns(event)) last.current = event.id;
  }
  return last.current;
}
