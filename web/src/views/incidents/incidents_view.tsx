// All incidents: filtered, searched, grouped, exported.

import {incidentFilterOf, grouped, hasWords, queryOf} from '../../model/incident_filter';
import {Empty, Failed, Loading} from '../../parts/notice';
import {route, setParameters} from '../../route';
import {nameOf} from '../../state/monitors';
import {useNews} from '../../state/use_news';
import {IncidentBar} from './incident_bar';
import {IncidentGroup} from './incident_group';
import {usePages} from './use_pages';

export function IncidentsView() {
  const filter = incidentFilterOf(route.value.parameters);
  const pages = usePages(queryOf(filter, Date.now()), [filter.monitor, filter.kind, filter.severity, filter.open,
    filter.period, useNews(() => true)]);
  const shown = pages.incidents?.filter((incident) => hasWords(filter.text, incident, nameOf(incident.monitor)));
  return (
    <>
      <h1 class="hidden-words">Incidents</h1>
      <IncidentBar filter={filter} shown={shown ?? []} more={pages.hasMore} />
      {pages.words && <Failed words={pages.words} retry={pages.again} />}
      {!shown && !pages.words && <Loading what="the incidents" />}
      {shown?.length === 0 && <Empty part title="No incident">{noneBecause()}</Empty>}
      {shown && grouped(shown, filter.group).map((group) => (
        <IncidentGroup key={group.key} group={group} by={filter.group} />
      ))}
      {pages.hasMore && <p class="actions"><button onClick={pages.more}>Show older</button></p>}
    </>
  );
}

function noneBecause() {
  if ([...route.value.parameters].length === 0) return <p>Nothing has been wrong yet.</p>;
  return <p>None passes the filter. <button onClick={() => setParameters({})}>Show all</button></p>;
}
