// The monitor at this moment: picture and sound, running incidents, the stream's facts, what it costs.

import type {Monitor} from '../../api/types';
import type {Watched} from '../../model/condition';
import {duration, isKnown, number} from '../../model/format';
import {inputFacts} from '../../model/input_words';
import {Facts} from '../../parts/facts';
import {SoundBars} from '../../parts/sound_bars';
import {Thumbnail} from '../../parts/thumbnail';
import {IncidentRows} from '../../parts/incident_rows';
import {Cost} from './cost';

export function Now({watched: {monitor, condition}}: {watched: Watched}) {
  return (
    <section class="now" aria-label="Now">
      <div class="now-picture">
        <Thumbnail monitor={monitor} />
        <SoundBars sound={monitor.status?.sound} />
      </div>
      <div class="panel">
        <h2>Running incidents</h2>
        {condition.running.length > 0 ? <IncidentRows incidents={condition.running} />
          : <p class="soft">{monitor.status ? 'Nothing is wrong.' : 'Not known.'}</p>}
      </div>
      <div class="panel">
        <h2>Stream</h2>
        <Facts facts={factsOf(monitor)} />
        <Cost monitor={monitor} />
      </div>
    </section>
  );
}

function factsOf(monitor: Monitor): [string, string][] {
  const {status} = monitor;
  const loudness = status?.sound?.momentary_lufs;
  return [
    ...(status?.input ? inputFacts(status.input) : []),
    ...(isKnown(loudness) ? [['Loudness', `${number(loudness, 1)} LUFS`] as [string, string]] : []),
    ...(isKnown(status?.lag_s) ? [['Lag', duration(status.lag_s)] as [string, string]] : []),
    ['Analysed', `${status?.ladder ?? monitor.profile}, priority ${monitor.priority}`],
    ...(status ? [['Sessions', number(status.sessions)] as [string, string]] : []),
    ...(status && status.dropped_packets > 0
      ? [['Dropped', `${number(status.dropped_packets)} packets`] as [string, string]] : []),
  ];
}
