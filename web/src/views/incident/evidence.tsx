import {useState} from 'preact/hooks';
import {api} from '../../api/client';
import type {Incident} from '../../api/types';
import {summaryOf} from '../../model/kinds';
import {MapOverlay} from '../../parts/map_overlay';
import {useBlobUrl} from '../../parts/use_blob_url';
import {useLoad} from '../../state/load';
import {watchedOf} from '../../state/monitors';

// The picture when the incident opened, with the map of corrupt blocks over it where there is one.
export function Evidence({incident}: {incident: Incident}) {
  const [picture] = useLoad(() => api.incidentPicture(incident.id), [incident.id]);
  const [withMap, setWithMap] = useState(true);
  const url = useBlobUrl(picture.value);
  return (
    <section class="panel" aria-label="Evidence">
      <div class="bar">
        <h2>Picture</h2>
        <span class="spring" />
        {incident.map && url && (
          <label class="check"><input type="checkbox" checked={withMap} onChange={(e) => setWithMap(e.currentTarget.checked)} />Corruption map</label>
        )}
      </div>
      <div class="evidence">
        {url && <img src={url} alt={`The picture when “${summaryOf(incident.kind)}” opened`} />}
        {url && incident.map && withMap && <MapOverlay map={incident.map} video={watchedOf(incident.monitor)?.monitor.status?.input?.video ?? null} />}
        {picture.state === 'missing' && <p class="soft">There is no picture of it.</p>}
        {picture.state === 'failed' && <p class="wrong" role="alert">{picture.words}</p>}
      </div>
    </section>
  );
}
