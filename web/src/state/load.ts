// What a view reads once it is shown: loading, there, or failed.

import {useEffect, useState} from 'preact/hooks';
import {ApiError, wordsOf} from '../api/errors';

export type Loaded<T> =
  | {state: 'loading'; value?: undefined}
  | {state: 'there'; value: T}
  | {state: 'missing'; value?: undefined}
  | {state: 'failed'; words: string; value?: undefined};

// Reads anew when one of `inputs` changes, and shows what it had until then.
export function useLoad<T>(read: () => Promise<T>, inputs: unknown[]): [Loaded<T>, (value: T) => void] {
  const [loaded, setLoaded] = useState<Loaded<T>>({state: 'loading'});
  useEffect(() => {
    let stale = false;
    read().then(
      (value) => stale || setLoaded({state: 'there', value}),
      (error: unknown) => stale || setLoaded(failure(error)));
    return () => {
      stale = true;
    };
  }, inputs);
  return [loaded, (value) => setLoaded({state: 'there', value})];
}

function failure(error: unknown): {state: 'missing'} | {state: 'failed'; words: string} {
  if (error instanceof ApiError && error.isMissing) return {state: 'missing'};
  return {state: 'failed', words: wordsOf(error)};
}
