import {useLayoutEffect, useRef, useState} from 'preact/hooks';

interface Props {
  words: string;
  question: string;
  label?: string;  // where `words` do not say what the button is of
  act: () => void;
}

// A button that asks once more, in its own place, before it acts.
export function Confirm({words, question, label, act}: Props) {
  const [asks, setAsks] = useState<boolean | null>(null);  // null: not asked yet
  const button = useRef<HTMLButtonElement>(null);  // the one that changes nothing
  useLayoutEffect(() => {  // before the next key is pressed
    if (asks !== null) button.current?.focus();
  }, [asks]);
  if (!asks) return <button ref={button} aria-label={label} onClick={() => setAsks(true)}>{words}</button>;
  return (
    <span class="confirm" role="group" aria-label={question}>
      <span>{question}</span>
      <button class="button-danger" onClick={act}>{words}</button>
      <button ref={button} onClick={() => setAsks(false)}>Keep</button>
    </span>
  );
}
