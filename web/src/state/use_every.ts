import {useEffect} from 'preact/hooks';

// Does it now, and again so long after it was done, while the view is shown and somebody looks.
export function useEvery(ms: number, act: () => Promise<void>): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let stopped = false;
    const turn = async () => {
      if (!document.hidden) await act();
      if (!stopped) timer = setTimeout(() => void turn(), ms);
    };
    void turn();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, []);
}
