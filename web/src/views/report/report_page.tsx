import {useState} from 'preact/hooks';
import type {Report, ReportIncident} from '../../api/report';
import {count, duration, isKnown, number, position} from '../../model/format';
import {inputFacts} from '../../model/input_words';
import {byKind, summaryOf} from '../../model/kinds';
import {severities} from '../../model/severity';
import {Facts} from '../../parts/facts';
import {SeverityMark} from '../../parts/marks';
import type {Row} from '../../parts/timeline/bars';
import {within, type Range} from '../../parts/timeline/scale';
import {Timeline} from '../../parts/timeline/timeline';
import {ReportIncidentCard} from './report_incident';

export function ReportPage({report}: {report: Report}) {
  const whole = {from: 0, until: Math.max(1000, lengthOf(report) * 1000)};
  const [range, setRange] = useState<Range>(whole);
  const [chosen, setChosen] = useState<string | null>(null);
  const open = (id: string) => {
    setChosen(id);
    document.getElementById(`incident-${id}`)?.scrollIntoView({block: 'center'});
  };
  return (
    <>
      <div class="head">
        <div class="head-words">
          <h1>{report.input.url}</h1>
          <p class="head-facts">
            <b>{report.incidents.length === 0 ? 'Nothing found' : count(report.incidents.length, 'incident')}</b>
            {severities.map((severity) => {
              const n = report.incidents.filter((i) => i.severity === severity).length;
              return n > 0 && <span key={severity}><SeverityMark severity={severity} /> {n}</span>;
            })}
            {report.interrupted && <span class="tag">interrupted</span>}
          </p>
        </div>
      </div>
      <section class="panel" aria-label="Input"><Facts facts={factsOf(report)} /></section>
      {report.incidents.length > 0 && (
        <>
          <section class="panel" aria-label="Timeline">
            <Timeline range={range} rows={rowsOf(report.incidents)} setRange={(next) => setRange(within(next, whole))}
              words={(at, step) => position(at / 1000, step < 1000 ? 3 : 0)} open={open} />
          </section>
          <section aria-label="Incidents">
            <ul class="report-incidents">
              {report.incidents.map((incident) => (
                <ReportIncidentCard key={incident.id} incident={incident} video={report.input.video} isChosen={incident.id === chosen} />
              ))}
            </ul>
          </section>
        </>
      )}
    </>
  );
}

const lengthOf = ({input, incidents}: Report) =>
  Math.max(input.duration_s ?? 0, ...incidents.map((incident) => incident.end_s));

function factsOf({input, analysed, measures, profile, tool}: Report): [string, string][] {
  const measured: [string, string, number | null][] = [
    ['Integrated loudness', 'LUFS', measures.integrated_loudness_lufs],
    ['Loudness range', 'LU', measures.loudness_range_lu],
    ['True peak', 'dBTP', measures.true_peak_dbtp],
    ['A/V offset', 'ms', measures.av_offset_ms],
  ];
  return [
    ...(isKnown(input.duration_s) ? [['Length', position(input.duration_s)] as [string, string]] : []),
    ...inputFacts(input),
    ...measured.filter(([, , value]) => isKnown(value))
      .map(([name, unit, value]): [string, string] => [name, `${number(value, 1)} ${unit}`]),
    ['Analysed', `${profile}, ${number(analysed.video_frames)} pictures in ${duration(analysed.wall_s)}`],
    ['By', `${tool.name} ${tool.version}`],
  ];
}

function rowsOf(incidents: readonly ReportIncident[]): Row[] {
  const kinds = [...new Set(incidents.map(({kind}) => kind))].sort(byKind);
  return kinds.map((kind) => ({
    kind,
    bars: incidents.filter((i) => i.kind === kind).map((i) => ({
      id: i.id,
      from: i.start_s * 1000,
      to: i.end_s * 1000,
      severity: i.severity,
      title: `${i.severity}: ${summaryOf(kind)} at ${position(i.start_s)}, ${duration(i.end_s - i.start_s)}`,
    })),
  }));
}
