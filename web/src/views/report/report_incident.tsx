import type {Video} from '../../api/types';
import {cellMapOf, frameOf, type ReportIncident} from '../../api/report';
import {duration, percent, position} from '../../model/format';
import {summaryOf} from '../../model/kinds';
import {measureWords} from '../../model/measure_words';
import {MapOverlay} from '../../parts/map_overlay';
import {SeverityMark} from '../../parts/marks';

interface Props {
  incident: ReportIncident;
  video: Video | null;
  isChosen: boolean;
}

export function ReportIncidentCard({incident, video, isChosen}: Props) {
  const frame = frameOf(incident);
  const {evidence} = incident;
  return (
    <li id={`incident-${incident.id}`} class={isChosen ? 'panel report-incident chosen' : 'panel report-incident'}>
      <div class="evidence">
        {frame && <img src={frame} alt={`The picture at “${summaryOf(incident.kind)}”`} loading="lazy" />}
        {frame && evidence.map && <MapOverlay map={cellMapOf(evidence.map)} video={video} />}
      </div>
      <div>
        <h2>{summaryOf(incident.kind)}</h2>
        <p>{evidence.note}</p>
        <p class="head-facts">
          <SeverityMark severity={incident.severity} />
          <span>{position(incident.start_s)} – {position(incident.end_s)}</span>
          <span>{duration(incident.end_s - incident.start_s)}</span>
        </p>
      </div>
      <table class="measures">
        <tbody>
          <tr><th scope="row">confidence</th><td>{percent(incident.confidence)}</td></tr>
          {Object.entries(incident.measures).map(([name, value]) => {
            const [label, words] = measureWords(name, value);
            return <tr key={name}><th scope="row">{label}</th><td>{words}</td></tr>;
          })}
        </tbody>
      </table>
    </li>
  );
}
