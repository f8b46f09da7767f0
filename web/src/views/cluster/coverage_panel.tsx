import type {Cluster} from '../../api/types';
import {coverageWords, type Coverage} from '../../model/cluster';
import {number} from '../../model/format';
import {Mark} from '../../parts/marks';
import {StackBar, StackKey} from '../../parts/stack_bar';

export function CoveragePanel({coverage, groups}: {coverage: Coverage; groups: Cluster['groups']}) {
  const {wanted, once, doubled, uncovered} = coverage;
  const words = coverageWords(coverage);
  const parts = [
    {kind: 'once', name: 'watched once', pairs: once},
    {kind: 'doubled', name: 'watched more than once', pairs: doubled},
    {kind: 'uncovered', name: 'watched by nobody', pairs: uncovered},
  ];
  return (
    <section class="panel" aria-label="Coverage">
      <h2>Coverage</h2>
      <p role="status" class="coverage-words"><Mark like={uncovered > 0 ? 'defect' : doubled > 0 ? 'degraded' : 'ok'}>{words}</Mark></p>
      {wanted > 0 && (
        <>
          <div class="stack-large">
            <StackBar parts={parts.map((part) => ({...part, share: part.pairs / wanted}))} words={words} />
          </div>
          <StackKey entries={parts.map(({kind, name, pairs}) => ({kind, words: <>{name} <b>{number(pairs)}</b></>}))} />
        </>
      )}
      <details>
        <summary>A pair is a monitor and a group of detectors</summary>
        <dl class="groups">
          {groups.map(({name, detectors}) => <div key={name}><dt>{name}</dt><dd>{detectors.join(', ')}</dd></div>)}
        </dl>
      </details>
    </section>
  );
}
