// The form of a monitor. `wrong` holds what is wrong by member; what belongs to no field stands at the end.

import type {Profile, Variant} from '../../api/types';
import type {MonitorForm} from '../../model/monitor_form';
import {detectors} from '../../state/service';
import {DetectorFields} from './detector_fields';
import {Field} from './field';
import {MaintenanceFields} from './maintenance_fields';

interface Props {
  form: MonitorForm;
  change: (part: Partial<MonitorForm>) => void;
  wrong: Record<string, string>;
}

const profiles: [Profile, string][] = [
  ['full', 'every picture'], ['economy', 'fewer pictures, much cheaper'], ['keyframes', 'key pictures alone'],
];

export function MonitorFields({form, change, wrong}: Props) {
  return (
    <>
      <section class="panel form-grid" aria-label="What it is called">
        <Field id="name" title="Name" wrong={wrong['name']} help="For people. Without one it is the address.">
          {(d) => <input {...d} value={form.name} maxLength={200} onInput={(e) => change({name: e.currentTarget.value})} />}
        </Field>
        <Field id="priority" title="Priority" wrong={wrong['priority']} help="−100 to 100. When the machine is short of time, the highest gives up last.">
          {(d) => <input {...d} type="number" min={-100} max={100} value={form.priority} onInput={(e) => change({priority: e.currentTarget.value})} />}
        </Field>
        <Field id="labels" title="Labels" wrong={wrong['labels']} help="One a line: region = north">
          {(d) => <textarea {...d} rows={3} value={form.labels} onInput={(e) => change({labels: e.currentTarget.value})} />}
        </Field>
        <Field id="profile" title="Profile" wrong={wrong['profile']} help="How much is analysed.">
          {(d) => (
            <select {...d} value={form.profile} onChange={(e) => change({profile: e.currentTarget.value as Profile})}>
              {profiles.map(([profile, words]) => <option key={profile} value={profile}>{profile}: {words}</option>)}
            </select>
          )}
        </Field>
        <Field id="program" title="Program" wrong={wrong['program']} help="Of a transport stream. Empty: the one with the best picture.">
          {(d) => <input {...d} inputMode="numeric" value={form.program} onInput={(e) => change({program: e.currentTarget.value})} />}
        </Field>
        <Field id="variant" title="Variant" wrong={wrong['variant']} help="Of a playlist that has several.">
          {(d) => (
            <select {...d} value={form.variant} onChange={(e) => change({variant: e.currentTarget.value as Variant})}>
              <option value="highest">the largest picture</option>
              <option value="lowest">the smallest picture</option>
            </select>
          )}
        </Field>
        <Field id="timeout_s" title="Time-out, s" wrong={wrong['timeout_s']} help="Of each attempt to read.">
          {(d) => <input {...d} inputMode="decimal" value={form.timeout_s} onInput={(e) => change({timeout_s: e.currentTarget.value})} />}
        </Field>
        <Field id="stalled_after_s" title="Stalled after, s" wrong={wrong['stalled_after_s']} help="Without data.">
          {(d) => <input {...d} inputMode="decimal" value={form.stalled_after_s} onInput={(e) => change({stalled_after_s: e.currentTarget.value})} />}
        </Field>
      </section>
      {detectors.value ? <DetectorFields all={detectors.value} form={form} change={change} wrong={wrong} /> : (
        <section class="panel" aria-label="Analysis">
          <Field id="detectors" title="Detectors" wrong={wrong['detectors']} help="As on the command line: all,-loudness">
            {(d) => <input {...d} value={form.detectors} onInput={(e) => change({detectors: e.currentTarget.value})} />}
          </Field>
        </section>
      )}
      <MaintenanceFields windows={form.maintenance} wrong={wrong['maintenance']} change={(maintenance) => change({maintenance})} />
      {wrong[''] && <p class="wrong" role="alert">{wrong['']}</p>}
    </>
  );
}
