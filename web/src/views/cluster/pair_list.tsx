import type {ClusterPair} from '../../api/types';
import type {State} from '../../model/condition';
import {count} from '../../model/format';
import {Mark} from '../../parts/marks';
import {to} from '../../route';
import {nameOf} from '../../state/monitors';

const mostShown = 50;

// Pairs that are not watched as they should be; nothing where there are none.
export function PairList({title, like, pairs}: {title: string; like: State; pairs: readonly ClusterPair[]}) {
  if (pairs.length === 0) return null;
  return (
    <section class="panel" aria-label={title}>
      <h2><Mark like={like}>{title}</Mark></h2>
      <ul class="pairs">
        {pairs.slice(0, mostShown).map(({monitor, group, instances}) => (
          <li key={`${monitor} ${group}`}>
            <a href={to.monitor(monitor)}>{nameOf(monitor)}</a> {group}
            {instances.length > 0 && <span class="soft"> by {instances.join(', ')}</span>}
          </li>
        ))}
        {pairs.length > mostShown && <li class="soft">and {count(pairs.length - mostShown, 'pair')} more</li>}
      </ul>
    </section>
  );
}
