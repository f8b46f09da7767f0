import {useState} from 'preact/hooks';

// A button that asks once more, in its own place, before it acts.
export function Confirm({words, question, act}: {words: string; question: string; act: () => void}) {
  const [asks, setAsks] = useState(false);
  if (!asks) return <button onClick={() => setAsks(true)}>{words}</button>;
  return (
    <span class="confirm" role="group" aria-label={question}>
      <span>{question}</span>
      <button class="button-danger" autofocus onClick={act}>{words}</button>
      <button onClick={() => setAsks(false)}>Keep</button>
    </span>
  );
}
