import {api} from '../../api/client';
import type {Monitor} from '../../api/types';
import {formOf, patchOf} from '../../model/monitor_form';
import {Empty, Failed, Loading} from '../../parts/notice';
import {go, to} from '../../route';
import {useLoad} from '../../state/load';
import {readMonitors} from '../../state/monitors';
import {Field} from './field';
import {MonitorFields} from './monitor_fields';
import {useMonitorForm} from './use_monitor_form';

export function ChangeView({id}: {id: string}) {
  const [loaded] = useLoad(() => api.monitor(id), [id]);
  if (loaded.state === 'loading') return <Loading what="the monitor" />;
  if (loaded.state === 'missing') return <Empty title="There is no such monitor" />;
  if (loaded.state === 'failed') return <Failed words={loaded.words} />;
  return <ChangeForm monitor={loaded.value} />;
}

function ChangeForm({monitor}: {monitor: Monitor}) {
  const {form, change, wrong, busy, send} = useMonitorForm(formOf(monitor));
  const submit = (event: Event) => {
    event.preventDefault();
    void send(async () => {
      const patch = patchOf(form, monitor);
      if (Object.keys(patch).length > 0) await api.change(monitor.id, patch);
      await readMonitors();
      go(to.monitor(monitor.id));
    });
  };
  return (
    <form class="narrow" onSubmit={submit} noValidate>
      <h1>Change {monitor.name}</h1>
      <section class="panel" aria-label="Source">
        <Field id="url" title="Address" wrong={wrong['url']} help="Shown without user and password; both are kept unless it is changed.">
          {(d) => <input {...d} autocomplete="off" spellcheck={false} value={form.url} onInput={(e) => change({url: e.currentTarget.value})} />}
        </Field>
      </section>
      <MonitorFields form={form} change={change} wrong={wrong} />
      <p class="soft">A change starts the stream’s session anew.</p>
      <p class="actions">
        <button class="button-main" type="submit" disabled={busy}>Change</button>
        <a class="button" href={to.monitor(monitor.id)}>Leave</a>
      </p>
    </form>
  );
}
