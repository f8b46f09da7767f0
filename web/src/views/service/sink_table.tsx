import type {Sink} from '../../api/types';
import {duration, number} from '../../model/format';

export function SinkTable({sinks}: {sinks: readonly Sink[]}) {
  return (
    <section class="panel panel-flush" aria-label="Sinks">
      <h2>Sinks</h2>
      {sinks.length === 0 ? <p class="soft pad">Events are sent nowhere. Sinks are set up in the configuration.</p> : (
        <div class="scroll-x" tabIndex={0} role="group" aria-label="Table of sinks">
          <table class="lines">
            <thead>
              <tr>
                <th scope="col">Name</th><th scope="col">State</th><th scope="col" class="right">Delivered</th>
                <th scope="col" class="right">Waiting</th><th scope="col" class="right">Tried again</th>
                <th scope="col" class="right">Refused as malformed</th><th scope="col" class="right">Last delay</th>
              </tr>
            </thead>
            <tbody>
              {sinks.map((sink) => (
                <tr key={sink.name}>
                  <td>{sink.name}</td>
                  <td><span class={sink.state === 'delivering' ? '' : 'wrong'}>{sink.state}</span>{sink.trouble && <small class="soft">{sink.trouble}</small>}</td>
                  <td class="right">{number(sink.delivered)}</td>
                  <td class="right">{number(sink.waiting)}</td>
                  <td class="right">{number(sink.failures)}</td>
                  <td class="right">{number(sink.dropped)}</td>
                  <td class="right">{duration(sink.last_delay_s)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
