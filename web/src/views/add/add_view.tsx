import {useMemo} from 'preact/hooks';
import {api} from '../../api/client';
import {emptyForm, specOf} from '../../model/monitor_form';
import {go, to} from '../../route';
import {readMonitors} from '../../state/monitors';
import {Field} from './field';
import {MonitorFields} from './monitor_fields';
import {ProbeView} from './probe';
import {useMonitorForm} from './use_monitor_form';

// A stream to watch.
export function AddView() {
  const {form, change, wrong, busy, send} = useMonitorForm(emptyForm);
  // A second press of the button makes no second monitor.
  const key = useMemo(() => Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join('-'), [form.url]);
  const submit = (event: Event) => {
    event.preventDefault();
    void send(async () => {
      const monitor = await api.create(specOf(form), key);
      await readMonitors();
      go(to.monitor(monitor.id));
    });
  };
  return (
    <form class="narrow" onSubmit={submit} noValidate>
      <h1>Add a stream</h1>
      <section class="panel" aria-label="Source">
        <Field id="url" title="Address" wrong={wrong['url']} help="HLS, DASH, RTMP, SRT, RTP, UDP, HTTP, or a file that the service may read.">
          {(d) => <input {...d} type="text" inputMode="url" autocomplete="off" spellcheck={false} autofocus value={form.url}
            placeholder="https://…/master.m3u8" onInput={(e) => change({url: e.currentTarget.value})} />}
        </Field>
        <ProbeView url={form.url} program={form.program} />
      </section>
      <MonitorFields form={form} change={change} wrong={wrong} />
      <p class="actions">
        <button class="button-main" type="submit" disabled={busy}>Watch it</button>
        <a class="button" href={to.wall()}>Leave</a>
      </p>
    </form>
  );
}
