// The frame around every view: what is live, where one is, and what the service wants first.

import {computed, effect} from '@preact/signals';
import {useEffect} from 'preact/hooks';
import {ConnectionBar} from './parts/connection_bar';
import {Header} from './parts/header';
import {Empty} from './parts/notice';
import {openIncidents} from './state/incidents';
import {needsToken} from './state/session';
import {startLive} from './state/live';
import {route} from './route';
import {AddView} from './views/add/add_view';
import {ChangeView} from './views/add/change_view';
import {ClusterView} from './views/cluster/cluster_view';
import {CostView} from './views/cost/cost_view';
import {IncidentView} from './views/incident/incident_view';
import {IncidentsView} from './views/incidents/incidents_view';
import {MonitorView} from './views/monitor/monitor_view';
import {ReportView} from './views/report/report_view';
import {ServiceView} from './views/service/service_view';
import {TokenView} from './views/token_view';
import {WallView} from './views/wall/wall_view';

export function App() {
  const asksForToken = needsToken.value;
  useEffect(() => (asksForToken ? undefined : startLive()), [asksForToken]);
  if (asksForToken) return <TokenView />;
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>Skip to the content</a>
      <Header />
      <ConnectionBar />
      <main id="main" tabIndex={-1}><View /></main>
    </>
  );
}

// The address after "#" says which view it is, so the link can't be followed as it is.
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById('main')?.focus();
}

function View() {
  const [first, id, what] = route.value.path;
  if (first === undefined) return <WallView />;
  if (first === 'monitors' && id && what === 'change') return <ChangeView key={id} id={id} />;
  if (first === 'monitors' && id) return <MonitorView key={id} id={id} />;
  if (first === 'incidents' && id) return <IncidentView key={id} id={id} />;
  if (first === 'incidents') return <IncidentsView />;
  if (first === 'add') return <AddView />;
  if (first === 'report') return <ReportView />;
  if (first === 'cost') return <CostView />;
  if (first === 'cluster') return <ClusterView />;
  if (first === 'service') return <ServiceView />;
  return <Empty title="There is no such page" />;
}

const place = computed(() => route.value.path.join('/'));

// Another view begins at its top, and there the keyboard goes on, unless the view has put it elsewhere.
let before = place.peek();
effect(() => {
  if (place.value === before) return;
  before = place.value;
  scrollTo(0, 0);
  setTimeout(() => {
    const main = document.getElementById('main');
    if (main && !main.contains(document.activeElement)) main.focus({preventScroll: true});
  });
});

// How many incidents are open shows on the tab as well.
effect(() => {
  const open = openIncidents.value.size;
  document.title = open > 0 ? `(${open}) Monolens` : 'Monolens';
});
