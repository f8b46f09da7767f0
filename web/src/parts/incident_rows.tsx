import type {Incident} from '../api/types';
import {summaryOf} from '../model/kinds';
import {to} from '../route';
import {SeverityMark} from './marks';
import {ShortTime, Since} from './time';

// Incidents as a short list, each a link.
export function IncidentRows({incidents}: {incidents: readonly Incident[]}) {
  return (
    <ul class="incident-rows">
      {incidents.map((incident) => (
        <li key={incident.id}>
          <a href={to.incident(incident.id)}>
            <SeverityMark severity={incident.severity} />
            <b class="ellipsis">{summaryOf(incident.kind)}</b>
            <Since at={incident.started_at} />
            <span class="soft ellipsis">{incident.note}</span>
            <span class="soft">since <ShortTime at={incident.started_at} /></span>
          </a>
        </li>
      ))}
    </ul>
  );
}
