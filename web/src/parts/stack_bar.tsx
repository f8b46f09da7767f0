// A whole as a bar of its parts, side by side, and the key to it. What is told by colour stands in words as well.

import type {ComponentChildren} from 'preact';

export interface StackPart {
  name: string;
  share: number;  // of the whole, 0 to 1
  kind: string;  // how it is filled: style/stack.css
}

interface Props {
  parts: readonly StackPart[];
  words: string;
  length?: number;  // share of the width that the whole has
}

export function StackBar({parts, words, length = 1}: Props) {
  return (
    <div class="stack" role="img" aria-label={words} title={words}>
      {parts.filter(({share}) => share > 0).map(({kind, share}) => (
        <i key={kind} class={`fill-${kind}`} style={{width: `${share * length * 100}%`}} />
      ))}
    </div>
  );
}

export function StackKey({entries}: {entries: readonly {kind: string; words: ComponentChildren}[]}) {
  return (
    <ul class="stack-key">
      {entries.map(({kind, words}) => <li key={kind}><i class={`fill-${kind}`} aria-hidden="true" />{words}</li>)}
    </ul>
  );
}
