import type {Incident} from '../../api/types';
import {percent} from '../../model/format';
import {measureWords} from '../../model/measure_words';
import {watchedOf} from '../../state/monitors';
import {optionsOf} from '../monitor/timeline_content';

// What was measured of the incident, and the options that it was judged by.
export function MeasureTable({incident}: {incident: Incident}) {
  const prefix = `${incident.detector}.`;
  const options = Object.entries(optionsOf(watchedOf(incident.monitor)?.monitor ?? null))
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value] as const);
  return (
    <section class="panel" aria-label="Measures">
      <h2>Measures</h2>
      <table class="measures">
        <tbody>
          <tr><th scope="row">confidence</th><td>{percent(incident.confidence)}</td></tr>
          {Object.entries(incident.measures).map(([name, value]) => <Measure key={name} name={name} value={value} />)}
          {incident.track && <tr><th scope="row">track</th><td>{trackWords(incident.track)}</td></tr>}
        </tbody>
      </table>
      {options.length > 0 && (
        <details>
          <summary>Judged by {incident.detector}</summary>
          <table class="measures">
            <tbody>{options.map(([name, value]) => <Measure key={name} name={name} value={value} />)}</tbody>
          </table>
        </details>
      )}
    </section>
  );
}

function Measure({name, value}: {name: string; value: number | null}) {
  const [label, words] = measureWords(name, value);
  return <tr><th scope="row">{label}</th><td>{words}</td></tr>;
}

function trackWords({type, index, id, language}: NonNullable<Incident['track']>): string {
  return [`${type} ${index}`, id === null ? null : `id ${id}`, language].filter(Boolean).join(', ');
}
