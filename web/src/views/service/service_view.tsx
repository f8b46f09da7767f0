// The service itself: its capacity, and where events are sent.

import {useEffect, useState} from 'preact/hooks';
import {api} from '../../api/client';
import {dollars, duration, isKnown, number, percent} from '../../model/format';
import {priceWords} from '../../model/cost';
import {Facts} from '../../parts/facts';
import {Failed, Loading} from '../../parts/notice';
import {to} from '../../route';
import {coreHour} from '../../state/cores';
import {forgetToken, refuseToken, token} from '../../state/session';
import {facts, readService} from '../../state/service';
import {useLoad} from '../../state/load';
import {now} from '../../state/clock';
import {watched} from '../../state/monitors';
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
          <p><a href={to.cost()}>What each stream costs</a></p>
        </section>
      )}
      {sinks.state === 'loading' && <Loading what="the sinks" />}
      {sinks.state === 'failed' && <Failed words={sinks.words} />}
      {sinks.value && <SinkTable sinks={sinks.value} />}
      {token.value && <p class="actions"><button onClick={() => (forgetToken(), refuseToken())}>Forget the token</button></p>}
    </div>
  );
}

function Capacity({used, all}: {used: number; all: number}) {
  if (!isKnown(used) || !isKnown(all) || all <= 0) return null;
  const price = coreHour.value;
  return (
    <p class="capacity">
      <meter min={0} max={all} high={all * 0.9} value={used} aria-label="Cores in use" />
      <span>
        {number(used, 2)} of {number(all, 1)} cores in use ({percent(used / all)})
        {price && <>, <span title={priceWords(price)}>{dollars(used * price.usd)} an hour</span></>}
      </span>
    </p>
  );
}
