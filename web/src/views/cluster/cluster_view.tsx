// The cluster: whether each pair of a monitor and a group of detectors is watched by one instance, and by which.

import type {Cluster} from '../../api/types';
import {coverageOf, doubledPairs, uncoveredPairs} from '../../model/cluster';
import {Mark} from '../../parts/marks';
import {Empty, Failed, Loading} from '../../parts/notice';
import {cluster, clusterError, isAlone, readCluster} from '../../state/cluster';
import {useEvery} from '../../state/use_every';
import {CoveragePanel} from './coverage_panel';
import {InstanceTable} from './instance_table';
import {PairList} from './pair_list';
import {WatchTable} from './watch_table';

const refreshMs = 2000;

export function ClusterView() {
  useEvery(refreshMs, readCluster);
  if (isAlone.value) {
    return <Empty title="This service is in no cluster"><p>It watches its monitors alone.</p></Empty>;
  }
  if (cluster.value) return <Shown cluster={cluster.value} words={clusterError.value} />;
  return clusterError.value ? <Failed words={clusterError.value} retry={() => void readCluster()} /> : <Loading what="the cluster" />;
}

function Shown({cluster, words}: {cluster: Cluster; words: string | null}) {
  const groups = cluster.groups.map(({name}) => name);
  return (
    <div class="narrow">
      <div class="cluster-head">
        <h1>Cluster {cluster.name}</h1>
        {cluster.connected ? <Mark like="ok">Connected</Mark> : <Mark like="lost">Not connected</Mark>}
      </div>
      {words && <p class="wrong" role="alert">{words} What follows is what was told last.</p>}
      {!cluster.connected && <p class="wrong" role="alert">This instance does not hear the others. What follows is what it knew last.</p>}
      <CoveragePanel coverage={coverageOf(cluster)} groups={cluster.groups} />
      <div class="pair-lists">
        <PairList title="Watched by nobody" like="defect" pairs={uncoveredPairs(cluster.pairs)} />
        <PairList title="Watched more than once" like="degraded" pairs={doubledPairs(cluster.pairs)} />
      </div>
      <InstanceTable cluster={cluster} />
      <WatchTable pairs={cluster.pairs} groups={groups} instances={cluster.instances} />
    </div>
  );
}
