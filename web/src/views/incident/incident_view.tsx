// One incident: what was seen and heard, what it measured, who was told, and what a person does about it.

import {useState} from 'preact/hooks';
import {api} from '../../api/client';
import {wordsOf} from '../../api/errors';
import type {Incident} from '../../api/types';
import {Empty, Failed, Loading} from '../../parts/notice';
import {replaceIncident} from '../../state/incidents';
import {useLoad} from '../../state/load';
import {useNews} from '../../state/use_news';
import {Clip} from './clip';
import {Deliveries} from './deliveries';
import {Evidence} from './evidence';
import {EvidenceCurves} from './evidence_curves';
import {IncidentHead} from './incident_head';
import {MeasureTable} from './measure_table';

export function IncidentView({id}: {id: string}) {
  const news = useNews((event) => event.incident.id === id);
  const [loaded, setIncident] = useLoad(() => api.incident(id), [id, news]);
  const [words, setWords] = useState('');
  if (loaded.state === 'loading') return <Loading what="the incident" />;
  if (loaded.state === 'missing') return <Empty title="There is no such incident"><p>It may be too old to be kept.</p></Empty>;
  if (loaded.state === 'failed') return <Failed words={loaded.words} />;
  const incident = loaded.value;
  const act = async (what: () => Promise<Incident>) => {
    setWords('');
    try {
      const changed = await what();
      setIncident({...incident, ...changed});
      replaceIncident(changed);
    } catch (error) {
      setWords(wordsOf(error));
    }
  };
  return (
    <>
      <IncidentHead incident={incident} act={(what) => void act(what)} words={words} />
      <div class="incident-columns">
        <div>
          <Evidence incident={incident} />
          <Clip incident={incident} />
        </div>
        <div>
          <MeasureTable incident={incident} />
          <EvidenceCurves incident={incident} />
          <Deliveries id={id} news={news} />
        </div>
      </div>
    </>
  );
}
