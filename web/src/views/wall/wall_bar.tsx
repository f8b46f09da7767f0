// What stands above the tiles: how many are in which state, the filter, the tiles' size, full screen.

import type {RefObject} from 'preact';
import {states, stateNames, type State, type Watched} from '../../model/condition';
import {byKind, summaryOf} from '../../model/kinds';
import {labelsOf, type WallFilter} from '../../model/wall_filter';
import {Icon} from '../../parts/icon';
import {Select} from '../../parts/select';
import {setParameters} from '../../route';
import {tileSize, type TileSize} from '../../state/settings';

interface Props {
  filter: WallFilter;
  all: readonly Watched[];
  shown: number;
  wall: RefObject<HTMLElement>;
}

export function WallBar({filter, all, shown, wall}: Props) {
  const set = (part: Partial<WallFilter>) => setParameters({...filter, ...part});
  return (
    <div class="bar">
      <StateCounts filter={filter} all={all} choose={(state) => set({state})} />
      <label class="search">
        <Icon name="search" /><span class="hidden-words">Search</span>
        <input type="search" placeholder="Name, address, label" value={filter.text} onInput={(e) => set({text: e.currentTarget.value})} />
      </label>
      <Select words="Label" value={filter.label} all="any label" options={labels(all)} choose={(label) => set({label})} />
      <Select words="Kind" value={filter.kind} all="any kind" options={kinds(all, filter.kind)} choose={(kind) => set({kind})} />
      <span class="spring" />
      <span class="soft" role="status">{shown === all.length ? `${all.length} monitors` : `${shown} of ${all.length}`}</span>
      <SizeChoice />
      <FullScreen wall={wall} />
    </div>
  );
}

function StateCounts({filter, all, choose}: {filter: WallFilter; all: readonly Watched[]; choose: (state: State | '') => void}) {
  const count = (state: State) => all.filter(({condition}) => condition.state === state).length;
  const there = states.filter((state) => count(state) > 0 || filter.state === state);
  return (
    <div class="chips" role="group" aria-label="State">
      {there.map((state) => (
        <button key={state} class={`chip state-${state}`} aria-pressed={filter.state === state}
          onClick={() => choose(filter.state === state ? '' : state)}>
          <Icon name={state} />{stateNames[state]} <b>{count(state)}</b>
        </button>
      ))}
    </div>
  );
}

type Option = [value: string, words: string];

function labels(all: readonly Watched[]): Option[] {
  const there = new Set(all.flatMap(({monitor}) => labelsOf(monitor.labels)));
  return [...there].sort().map((label) => [label, label]);
}

function kinds(all: readonly Watched[], chosen: string): Option[] {
  const there = new Set(all.flatMap(({condition}) => condition.running.map(({kind}) => kind)));
  if (chosen) there.add(chosen);
  return [...there].sort(byKind).map((kind) => [kind, summaryOf(kind)]);
}

const sizes: [TileSize, string][] = [['small', 'S'], ['medium', 'M'], ['large', 'L']];

function SizeChoice() {
  return (
    <div class="segments" role="group" aria-label="Size of the tiles">
      {sizes.map(([size, letter]) => (
        <button key={size} aria-label={`${size} tiles`} aria-pressed={tileSize.value === size} onClick={() => (tileSize.value = size)}>{letter}</button>
      ))}
    </div>
  );
}

function FullScreen({wall}: {wall: RefObject<HTMLElement>}) {
  const toggle = () => void (document.fullscreenElement ? document.exitFullscreen() : wall.current?.requestFullscreen());
  return <button class="plain" onClick={toggle} title="Full screen" aria-label="Full screen"><Icon name="enlarge" /></button>;
}
