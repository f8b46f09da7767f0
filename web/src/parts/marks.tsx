// States and severities: each has a shape and a word of its own beside its colour.

import type {ComponentChildren} from 'preact';
import type {Severity} from '../api/types';
import {stateNames, type State} from '../model/condition';
import {Icon} from './icon';

export function StateMark({state}: {state: State}) {
  return <Mark like={state}>{stateNames[state]}</Mark>;
}

// Other words in the shape and colour of a state.
export function Mark({like, children}: {like: State; children: ComponentChildren}) {
  return <span class={`state state-${like}`}><Icon name={like} />{children}</span>;
}

const shapes: Record<Severity, string> = {
  critical: 'M4 1h4l3 3v4l-3 3H4L1 8V4z',
  major: 'M6 1l5.5 10h-11z',
  minor: 'M6 .5 11.5 6 6 11.5.5 6z',
  info: 'M6 1a5 5 0 1 0 0 10A5 5 0 0 0 6 1',
};

export function SeverityShape({severity}: {severity: Severity}) {
  return (
    <svg class={`shape hue-${severity}`} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path d={shapes[severity]} />
    </svg>
  );
}

export function SeverityMark({severity}: {severity: Severity}) {
  return <span class={`severity hue-${severity}`}><SeverityShape severity={severity} />{severity}</span>;
}
