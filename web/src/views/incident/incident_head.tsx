import {useState} from 'preact/hooks';
import {api} from '../../api/client';
import type {Incident} from '../../api/types';
import {isSnoozed} from '../../model/condition';
import {duration} from '../../model/format';
import {summaryOf} from '../../model/kinds';
import {Icon} from '../../parts/icon';
import {SeverityMark} from '../../parts/marks';
import {Time, Since} from '../../parts/time';
import {to} from '../../route';
import {now} from '../../state/clock';
import {watchedOf} from '../../state/monitors';
import {mayWrite} from '../../state/service';
import {Snooze} from './snooze';

interface Props {
  incident: Incident;
  act: (what: () => Promise<Incident>) => void;
  words: string;  // why the last act failed
}

export function IncidentHead({incident, act, words}: Props) {
  const name = watchedOf(incident.monitor)?.monitor.name;
  const end = incident.ended_at;
  return (
    <div class="head">
      <div class="head-words">
        <p class="crumbs">
          {name ? <a href={to.monitor(incident.monitor)}>{name}</a> : <span class="soft">{incident.monitor} (removed)</span>}
        </p>
        <h1>{summaryOf(incident.kind)}</h1>
        <p>{incident.note}</p>
        <p class="head-facts">
          <SeverityMark severity={incident.severity} />
          <span class={end ? 'tag' : 'tag tag-open'}>{end ? 'ended' : 'still going on'}</span>
          <span><Time at={incident.started_at} exact /> {end && <>– <Time at={end} exact /></>}</span>
          <span>{end ? duration((Date.parse(end) - Date.parse(incident.started_at)) / 1000) : <Since at={incident.started_at} />}</span>
          {incident.muted && <span class="tag" title="It opened in a quiet time">sinks were not told</span>}
          {isSnoozed(incident, now.value) && <span class="tag">snoozed until <Time at={incident.snoozed_until!} /></span>}
        </p>
      </div>
      <div class="actions">
        {incident.acknowledged_at
          ? <span class="acknowledged"><Icon name="seen" />acknowledged <Time at={incident.acknowledged_at} /></span>
          : mayWrite.value && <button class="button-main" onClick={() => act(() => api.acknowledge(incident.id))}><Icon name="seen" />Acknowledge</button>}
        {mayWrite.value && <Snooze incident={incident} act={act} />}
        <CopyLink />
      </div>
      {words && <p class="wrong" role="alert">{words}</p>}
    </div>
  );
}

function CopyLink() {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(location.href);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  // Browsers lend the clipboard to secure pages alone.
  if (!window.isSecureContext) return null;
  return <button onClick={() => void copy()}><Icon name="link" /><span role="status">{copied ? 'Copied' : 'Copy link'}</span></button>;
}
