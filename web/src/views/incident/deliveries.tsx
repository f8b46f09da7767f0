import {api} from '../../api/client';
import {duration} from '../../model/format';
import {Time} from '../../parts/time';
import {useLoad} from '../../state/load';

// What was told to whom, and when it arrived.
export function Deliveries({id, news}: {id: string; news: string | null}) {
  const [loaded] = useLoad(() => api.deliveries(id), [id, news]);
  if (!loaded.value) return null;
  return (
    <section class="panel" aria-label="Told">
      <h2>Told</h2>
      {loaded.value.length === 0 ? <p class="soft">No sink was told. Sinks are set up in the configuration.</p> : (
        <table class="lines">
          <thead><tr><th scope="col">Sink</th><th scope="col">Event</th><th scope="col">Told</th><th scope="col">Delivered</th></tr></thead>
          <tbody>
            {loaded.value.map((delivery, at) => (
              <tr key={at}>
                <td>{delivery.sink}</td>
                <td>{delivery.event}</td>
                <td><Time at={delivery.told_at} /></td>
                <td>{delivery.delivered_at
                  ? `after ${duration((Date.parse(delivery.delivered_at) - Date.parse(delivery.told_at)) / 1000)}`
                  : 'waiting'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
