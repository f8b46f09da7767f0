// The wall: a tile a monitor, the worst first.

import {useRef} from 'preact/hooks';
import {worstFirst, type Watched} from '../../model/condition';
import {passes, wallFilterOf} from '../../model/wall_filter';
import {Empty, Failed, Loading} from '../../parts/notice';
import {setParameters, route} from '../../route';
import {monitors, monitorsError, readMonitors, watched} from '../../state/monitors';
import {tileSize} from '../../state/settings';
import {FirstVisit} from './first_visit';
import {Tile} from './tile';
import {TileGrid} from './tile_grid';
import {WallBar} from './wall_bar';

const tileWidths = {small: 170, medium: 250, large: 390};  // px, at least

// A picture of 16:9, and the lines beneath it; wall.css has the same figures.
const tileHeight = (width: number) => Math.round(((width - 10) * 9) / 16) + 106;

const tileOf = (watched: Watched) => <Tile watched={watched} />;

export function WallView() {
  const wall = useRef<HTMLDivElement>(null);
  if (monitors.value === null) {
    return monitorsError.value ? <Failed words={monitorsError.value} retry={() => void readMonitors()} />
      : <Loading what="the monitors" />;
  }
  if (monitors.value.length === 0) return <FirstVisit />;
  const filter = wallFilterOf(route.value.parameters);
  const shown = watched.value.filter((each) => passes(filter, each)).sort(worstFirst);
  const size = tileSize.value;
  return (
    <div class="wall" ref={wall}>
      <h1 class="hidden-words">Wall</h1>
      <WallBar filter={filter} all={watched.value} shown={shown.length} wall={wall} />
      {shown.length === 0 && (
        <Empty part title="No monitor passes the filter">
          <button onClick={() => setParameters({})}>Show all {monitors.value.length}</button>
        </Empty>
      )}
      <TileGrid items={shown} keyOf={({monitor}) => monitor.id} width={tileWidths[size]} heightOf={tileHeight}
        class={`tiles tiles-${size}`} render={tileOf} />
    </div>
  );
}
