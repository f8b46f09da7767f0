import type {Incident, Monitor} from '../../api/types';
import type {Watched} from '../../model/condition';
import {isKnown, number} from '../../model/format';
import {sizeWords} from '../../model/input_words';
import {summaryOf} from '../../model/kinds';
import {StateMark, SeverityShape} from '../../parts/marks';
import {SoundBars} from '../../parts/sound_bars';
import {Thumbnail} from '../../parts/thumbnail';
import {Since} from '../../parts/time';
import {to} from '../../route';

const mostIncidents = 2;

// One monitor at a glance; all of it is a link to the monitor.
export function Tile({watched: {monitor, condition}}: {watched: Watched}) {
  const {state, severity, running} = condition;
  const hue = state === 'lost' ? 'critical' : severity ?? '';
  return (
    <a class={`tile tile-${state} ${hue && `hue-${hue}`}`} href={to.monitor(monitor.id)} data-state={state}>
      <div class="tile-picture">
        <Thumbnail monitor={monitor} />
        <SoundBars sound={monitor.status?.sound} />
      </div>
      <div class="tile-head">
        <StateMark state={state} />
        {condition.snoozed > 0 && <small class="soft">{condition.snoozed} snoozed</small>}
        <span class="spring" />
        <Lag seconds={monitor.status?.lag_s} />
        <span class="score" aria-label={`score ${number(monitor.score)}`}>{number(monitor.score)}</span>
      </div>
      <div class="tile-name" title={monitor.name}>{monitor.name}</div>
      <Running incidents={running} otherwise={condition.why ?? streamWords(monitor)} />
    </a>
  );
}

// What a monitor says that has nothing to complain of.
function streamWords({status}: Monitor): string {
  const video = status?.input?.video;
  const loudness = status?.sound?.momentary_lufs;
  const words = [
    video ? sizeWords(video) : null,
    video && isKnown(video.fps) ? `${number(video.fps)} fps` : null,
    isKnown(loudness) ? `${number(loudness, 1)} LUFS` : null,
  ];
  return words.filter((word) => word !== null).join(' · ');
}

function Lag({seconds}: {seconds: number | null | undefined}) {
  if (!isKnown(seconds) || seconds < 0.5) return null;
  return <small class="soft" title="How long packets wait for their analysis">lag {number(seconds, 1)} s</small>;
}

function Running({incidents, otherwise}: {incidents: readonly Incident[]; otherwise: string}) {
  if (incidents.length === 0) return <div class="tile-why">{otherwise}</div>;
  const more = incidents.length - mostIncidents;
  return (
    <div class="tile-incidents">
      {incidents.slice(0, mostIncidents).map((incident) => (
        <span class="tile-incident" key={incident.id}>
          <SeverityShape severity={incident.severity} />
          <span class="ellipsis">{summaryOf(incident.kind)}</span>
          <Since at={incident.started_at} />
        </span>
      ))}
      {more > 0 && <span class="soft">and {more} more</span>}
    </div>
  );
}
