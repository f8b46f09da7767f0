import {useEffect, useRef, useState} from 'preact/hooks';

// A button that asks once more, in its own place, before it acts.
export function Confirm({words, question, act}: {words: string; question: string; act: () => void}) {
  const [asks, setAsks] = useState(false);
  const keep = useRef<HTMLButtonElement>(null);
  useEffect(() => keep.current?.focus(), [asks]);
  if (!asks) return <button onClick={() => setAsks(true)}>{words}</button>;
  return (
    <span class="confirm" role="group" aria-label={question}>
      <span>{question}</span>
      <button class="button-danger" onClick={act}>{words}</button>
      <button ref={keep} onClick={() => setAsks(false)}>Keep</button>
    </span>
  );
}
