// The service itself: its capacity, what each stream costs of it, and where events are sent.

import {useEffect, useState} from 'preact/hooks';
import {api} from '../../api/client';
import {duration, isKnown, number, percent} from '../../model/format';
import {Facts} from '../../parts/facts';
import {Failed, Loading} from '../../parts/notice';
import {forgetToken, refuseToken, token} from '../../state/session';
import {facts, readService} from '../../state/service';
import {useLoad} from '../../state/load';
import {now} from '../../state/clock';
import {watched} from '../../state/monitors';
import {CostTable} from './cost_table';
import {SinkTable} from './sink_table';

const refreshMs = 3000;

export function ServiceView() {
  const [tick, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((before) => before + 1), refreshMs);
    return () => clearInterval(timer);
  }, []);
  const [sinks] = useLoad(api.sinks, [tick]);
  useEffect(() => void readService(), [tick]);
  return (
    <div class="narrow">
      <h1>Service</h1>
      {facts.value && (
        <section class="panel" aria-label="Capacity">
          <Facts facts={[
            ['Version', facts.value.version],
            ['Running for', duration((now.value - Date.parse(facts.value.started_at)) / 1000)],
            ['Role of the token', facts.value.role],
            ['Monitors', number(watched.value.length)],
          ]} />
          <Capacity used={facts.value.used_cores} all={facts.value.capacity_cores} />
        </section>
      )}
      {sinks.state === 'loading' && <Loading what="the sinks" />}
      {sinks.state === 'failed' && <Failed words={sinks.words} />}
      {sinks.value && <SinkTable sinks={sinks.value} />}
      <CostTable />
      {token.value && <p class="actions"><button onClick={() => (forgetToken(), refuseToken())}>Forget the token</button></p>}
    </div>
  );
}

function Capacity({used, all}: {used: number; all: number}) {
  if (!isKnown(used) || !isKnown(all) || all <= 0) return null;
  return (
    <p class="capacity">
      <meter min={0} max={all} high={all * 0.9} value={used} aria-label="Cores in use" />
      <span>{number(used, 2)} of {number(all, 1)} cores in use ({percent(used / all)})</span>
    </p>
  );
}
