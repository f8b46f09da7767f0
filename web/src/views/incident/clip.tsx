import {useEffect, useState} from 'preact/hooks';
import {api} from '../../api/client';
import type {Incident} from '../../api/types';
import {summaryOf} from '../../model/kinds';
import {Icon} from '../../parts/icon';
import {useBlobUrl} from '../../parts/use_blob_url';
import {useLoad} from '../../state/load';
import {SoundPicture} from './sound_picture';

const retryMs = 3000;
const expectedForMs = 60_000;  // it is written some seconds after the incident opened

// The few seconds around the incident, where the service has kept them.
export function Clip({incident}: {incident: Incident}) {
  const [attempt, setAttempt] = useState(0);
  const [clip] = useLoad(() => api.clip(incident.id), [incident.id, attempt]);
  const [canPlay, setCanPlay] = useState(true);
  const isExpected = clip.state === 'missing' && Date.now() - Date.parse(incident.started_at) < expectedForMs;
  useEffect(() => {
    if (!isExpected) return undefined;
    const timer = setTimeout(() => setAttempt(attempt + 1), retryMs);
    return () => clearTimeout(timer);
  }, [isExpected, attempt]);
  const url = useBlobUrl(clip.value);
  if (!clip.value || !url) return null;
  return (
    <section class="panel" aria-label="Clip">
      <div class="bar">
        <h2>Clip</h2>
        <span class="spring" />
        <a class="button" href={url} download={`${incident.id}.mp4`}><Icon name="download" />MP4</a>
      </div>
      {canPlay
        ? <video class="clip" src={url} controls loop preload="metadata" onError={() => setCanPlay(false)}
            aria-label={`The seconds around “${summaryOf(incident.kind)}”`} />
        : <p class="soft">This browser can’t play the stream’s codec.</p>}
      <SoundPicture clip={clip.value} />
    </section>
  );
}
