import {useRef, useState} from 'preact/hooks';
import {api} from '../../api/client';
import {wordsOf} from '../../api/errors';
import type {Cluster, ClusterInstance} from '../../api/types';
import {drainQuestion, instancesInOrder} from '../../model/cluster';
import {number, percent} from '../../model/format';
import {Confirm} from '../../parts/confirm';
import {Mark} from '../../parts/marks';
import {Since} from '../../parts/time';
import {to} from '../../route';
import {readCluster} from '../../state/cluster';
import {mayWrite} from '../../state/service';

export function InstanceTable({cluster}: {cluster: Cluster}) {
  const [words, setWords] = useState('');
  const table = useRef<HTMLDivElement>(null);
  const drain = async (id: string, on: boolean) => {
    setWords('');
    try {
      await api.drain(id, on);
      await readCluster();
      table.current?.focus();  // the button that was pressed is gone
    } catch (error) {
      setWords(wordsOf(error));
    }
  };
  return (
    <section class="panel panel-flush" aria-label="Instances">
      <h2>Instances <span class="soft">{cluster.instances.length}</span></h2>
      {words && <p class="wrong pad" role="alert">{words}</p>}
      <div class="scroll-x" tabIndex={0} ref={table} role="group" aria-label="Table of instances">
        <table class="lines instances">
          <thead>
            <tr>
              <th scope="col">Instance</th><th scope="col">State</th><th scope="col">Load</th>
              <th scope="col" class="right">Pairs</th><th scope="col">Groups</th><th scope="col">Version</th>
              <th scope="col" class="right">Last heard</th>
              {mayWrite.value && <th scope="col" class="act"><span class="hidden-words">Act</span></th>}
            </tr>
          </thead>
          <tbody>
            {instancesInOrder(cluster.instances).map((instance) => (
              <Line key={instance.id} instance={instance} isThis={instance.id === cluster.this_instance}
                question={drainQuestion(cluster, instance)} drain={(on) => void drain(instance.id, on)} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface LineProps {
  instance: ClusterInstance;
  isThis: boolean;
  question: string;
  drain: (on: boolean) => void;
}

function Line({instance, isThis, question, drain}: LineProps) {
  const {id, state, used_cores: used, capacity_cores: all} = instance;
  return (
    <tr>
      <td class="ellipsis" title={id}><b>{id}</b>{isThis && <small class="soft">this one</small>}</td>
      <td>{state === 'live' ? <Mark like="ok">Live</Mark> : <Mark like="degraded">Draining</Mark>}</td>
      <td>
        <span class="load">
          <meter min={0} max={all} high={all * 0.9} value={used} aria-label={`Load of ${id}`} />
          <span>{number(used, 2)} of {number(all, 1)} cores, {percent(all > 0 ? used / all : null)}</span>
        </span>
      </td>
      <td class="right"><a href={to.cluster({instance: id})} aria-label={`${number(instance.pairs)} pairs of ${id}`}>{number(instance.pairs)}</a></td>
      <td>{instance.groups.join(', ')}</td>
      <td>{instance.version}</td>
      <td class="right"><Since at={instance.seen_at} /> ago</td>
      {mayWrite.value && (
        <td class="act">
          {state === 'live'
            ? <Confirm words="Drain" question={question} label={`Drain ${id}`} act={() => drain(true)} />
            : <button aria-label={`Resume ${id}`} onClick={() => drain(false)}>Resume</button>}
        </td>
      )}
    </tr>
  );
}
