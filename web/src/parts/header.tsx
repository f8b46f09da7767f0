import {useEffect, useRef} from 'preact/hooks';
import {timeOfDay} from '../model/format';
import {cluster} from '../state/cluster';
import {now} from '../state/clock';
import {openIncidents} from '../state/incidents';
import {mayWrite} from '../state/service';
import {theme, zone, type Theme} from '../state/settings';
import {route, to} from '../route';
import {Icon, type IconName} from './icon';

type Section = [name: string, title: string, href: string];

const sections: Section[] = [
  ['', 'Wall', to.wall()],
  ['incidents', 'Incidents', to.incidents()],
  ['report', 'Report', to.report()],
  ['cost', 'Cost', to.cost()],
  ['service', 'Service', to.service()],
];
const clusterSection: Section = ['cluster', 'Cluster', to.cluster()];

export function Header() {
  const here = route.value.path[0] ?? '';
  const section = here === 'monitors' || here === 'add' ? '' : here;
  const open = openIncidents.value.size;
  const current = useRef<HTMLAnchorElement>(null);
  // On a phone not all of them may be in view.
  useEffect(() => current.current?.scrollIntoView({block: 'nearest', inline: 'nearest'}), [section, cluster.value === null, open > 0]);
  return (
    <header class="top">
      <a class="brand" href={to.wall()} aria-label="Monolens, the wall"><Logo /><span>Monolens</span></a>
      <nav aria-label="Sections">
        {[...sections, ...(cluster.value ? [clusterSection] : [])].map(([name, title, href]) => (
          <a key={name} href={href} ref={name === section ? current : null} aria-current={name === section ? 'page' : undefined}>
            {title}
            {name === 'incidents' && open > 0 && <span class="badge" aria-label={`${open} open`}>{open}</span>}
          </a>
        ))}
      </nav>
      <span class="spring" />
      <ZoneSwitch />
      <ThemeSwitch />
      {mayWrite.value && <a class="button button-main" href={to.add()} aria-label="Add a stream"><Icon name="plus" /><span>Add a stream</span></a>}
    </header>
  );
}

function Logo() {
  return (
    <svg viewBox="0 0 32 32" class="logo" aria-hidden="true" focusable="false">
      <circle cx="16" cy="16" r="13" /><circle cx="16" cy="16" r="6.5" /><circle cx="16" cy="16" r="1" />
    </svg>
  );
}

function ZoneSwitch() {
  const z = zone.value;
  const other = z === 'utc' ? 'local' : 'utc';
  return (
    <button class="plain clock" onClick={() => (zone.value = other)} title={`Show times in ${other === 'utc' ? 'UTC' : 'local time'}`}>
      {timeOfDay(now.value, z)} <small>{z === 'utc' ? 'UTC' : 'local'}</small>
    </button>
  );
}

const themes: [Theme, IconName, string][] = [
  ['system', 'system', 'as the system'], ['light', 'sun', 'light'], ['dark', 'moon', 'dark'],
];

function ThemeSwitch() {
  const at = themes.findIndex(([name]) => name === theme.value);
  const [, icon, words] = themes[at]!;
  const [next, , nextWords] = themes[(at + 1) % themes.length]!;
  const title = `Colours: ${words}. Change to ${nextWords}`;
  return <button class="plain" onClick={() => (theme.value = next)} title={title} aria-label={title}><Icon name={icon} /></button>;
}
