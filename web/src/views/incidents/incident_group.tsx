import type {Incident} from '../../api/types';
import {duration} from '../../model/format';
import type {Group, IncidentFilter} from '../../model/incident_filter';
import {summaryOf} from '../../model/kinds';
import {isSnoozed} from '../../model/condition';
import {SeverityMark} from '../../parts/marks';
import {Time, Since} from '../../parts/time';
import {go, to} from '../../route';
import {now} from '../../state/clock';
import {nameOf} from '../../state/monitors';

export function IncidentGroup({group, by}: {group: Group; by: IncidentFilter['group']}) {
  if (group.incidents.length === 0) return null;
  const title = by === 'kind' ? summaryOf(group.key) : by === 'monitor' ? nameOf(group.key) : 'Incidents';
  return (
    <section class="panel panel-flush" aria-label={title}>
      {by !== '' && <h2>{title} <span class="soft">{group.incidents.length}</span></h2>}
      <div class="scroll-x" tabIndex={0} role="group" aria-label={title}>
      <table class="lines lines-links">
        <thead>
          <tr>
            <th scope="col">Severity</th><th scope="col">What</th><th scope="col" class="wide">Note</th><th scope="col">Monitor</th>
            <th scope="col">Began</th><th scope="col" class="right">Lasted</th><th scope="col">State</th>
          </tr>
        </thead>
        <tbody>{group.incidents.map((incident) => <Line key={incident.id} incident={incident} />)}</tbody>
      </table>
      </div>
    </section>
  );
}

function Line({incident}: {incident: Incident}) {
  const end = incident.ended_at;
  const href = to.incident(incident.id);
  return (
    <tr class={end ? '' : 'line-open'} onClick={() => go(href)}>
      <td><SeverityMark severity={incident.severity} /></td>
      <td><a href={href}>{summaryOf(incident.kind)}</a></td>
      <td class="soft ellipsis wide">{incident.note}</td>
      <td class="ellipsis">{nameOf(incident.monitor)}</td>
      <td><Time at={incident.started_at} /></td>
      <td class="right">{end ? duration((Date.parse(end) - Date.parse(incident.started_at)) / 1000) : <Since at={incident.started_at} />}</td>
      <td><State incident={incident} /></td>
    </tr>
  );
}

function State({incident}: {incident: Incident}) {
  const words = [incident.ended_at ? 'ended' : 'open'];
  if (incident.acknowledged_at) words.push('acknowledged');
  if (isSnoozed(incident, now.value)) words.push('snoozed');
  return <span class={incident.ended_at ? 'soft' : ''}>{words.join(', ')}</span>;
}
