import {useState} from 'preact/hooks';
import {api} from '../../api/client';
import {wordsOf} from '../../api/errors';
import type {Incident} from '../../api/types';
import {count} from '../../model/format';
import {incidentsCsv, incidentsJson} from '../../model/incident_export';
import {hasWords, periods, queryOf, type IncidentFilter} from '../../model/incident_filter';
import {kinds, summaryOf} from '../../model/kinds';
import {severities} from '../../model/severity';
import {Icon} from '../../parts/icon';
import {saveFile} from '../../parts/save_file';
import {Select} from '../../parts/select';
import {setParameters} from '../../route';
import {monitors, nameOf} from '../../state/monitors';

interface Props {
  filter: IncidentFilter;
  shown: readonly Incident[];
  more: boolean;  // than those shown
}

export function IncidentBar({filter, shown, more}: Props) {
  const set = (part: Partial<IncidentFilter>) => setParameters({...filter, ...part});
  const names = (monitors.value ?? []).map(({id, name}): [string, string] => [id, name]);
  return (
    <div class="bar">
      <label class="search">
        <Icon name="search" /><span class="hidden-words">Search</span>
        <input type="search" placeholder="Words of the incident" value={filter.text} onInput={(e) => set({text: e.currentTarget.value})} />
      </label>
      <Select words="State" value={filter.open} all="open and ended" options={[['true', 'open'], ['false', 'ended']]}
        choose={(open) => set({open: open as IncidentFilter['open']})} />
      <Select words="Severity" value={filter.severity} all="any severity" options={severities.map((s) => [s, s])}
        choose={(severity) => set({severity: severity as IncidentFilter['severity']})} />
      <Select words="Kind" value={filter.kind} all="any kind" options={kinds.map((kind) => [kind, summaryOf(kind)])}
        choose={(kind) => set({kind})} />
      <Select words="Monitor" value={filter.monitor} all="any monitor" options={names} choose={(monitor) => set({monitor})} />
      <Select words="Time" value={filter.period} all="any time" options={periods.filter(([name]) => name).map(([name, words]) => [name, words])}
        choose={(period) => set({period})} />
      <Select words="Group" value={filter.group} all="not grouped" options={[['monitor', 'by monitor'], ['kind', 'by kind']]}
        choose={(group) => set({group: group as IncidentFilter['group']})} />
      <span class="spring" />
      <span class="soft" role="status">{count(shown.length, 'incident')}{more && ' and older ones'}</span>
      <Export filter={filter} />
    </div>
  );
}

function Export({filter}: {filter: IncidentFilter}) {
  const [words, setWords] = useState('');
  const save = async (kind: 'csv' | 'json') => {
    setWords('…');
    try {
      const all = await readAll(filter);
      if (kind === 'csv') saveFile('incidents.csv', 'text/csv', incidentsCsv(all, nameOf));
      else saveFile('incidents.json', 'application/json', incidentsJson(all));
      setWords('');
    } catch (error) {
      setWords(wordsOf(error));
    }
  };
  return (
    <>
      <button onClick={() => void save('csv')}><Icon name="download" />CSV</button>
      <button onClick={() => void save('json')}><Icon name="download" />JSON</button>
      {words && <span role="status">{words}</span>}
    </>
  );
}

const mostExported = 20_000;

// Everything that passes, not only what is unfolded.
async function readAll(filter: IncidentFilter): Promise<Incident[]> {
  const query = queryOf(filter, Date.now());
  const all: Incident[] = [];
  let cursor: string | null = '';
  while (cursor !== null && all.length < mostExported) {
    const page = await api.incidents({...query, limit: 1000, cursor});
    all.push(...page.incidents.filter((incident) => hasWords(filter.text, incident, nameOf(incident.monitor))));
    cursor = page.next;
  }
  return all;
}
