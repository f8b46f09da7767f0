// What a view shows instead of its content.

import type {ComponentChildren} from 'preact';

export function Loading({what}: {what: string}) {
  return <p class="notice" role="status">Loading {what}…</p>;
}

export function Failed({words, retry}: {words: string; retry?: () => void}) {
  return (
    <div class="notice notice-failed" role="alert">
      <p>{words}</p>
      {retry && <button onClick={retry}>Try again</button>}
    </div>
  );
}

// `part`: of a view that has a heading of its own.
export function Empty({title, part = false, children}: {title: string; part?: boolean; children?: ComponentChildren}) {
  return (
    <div class="empty">
      {part ? <h2>{title}</h2> : <h1>{title}</h1>}
      {children}
    </div>
  );
}
