import type {Detector, DetectorOption} from '../../api/types';
import {chosenOf, listOf} from '../../model/detector_list';
import type {MonitorForm} from '../../model/monitor_form';
import {Field} from './field';

interface Props {
  all: readonly Detector[];
  form: MonitorForm;
  change: (part: Partial<MonitorForm>) => void;
  wrong: Record<string, string>;
}

// Which detectors run, and their options: made from what the service tells of them.
export function DetectorFields({all, form, change, wrong}: Props) {
  const names = all.map(({name}) => name);
  const chosen = chosenOf(form.detectors, names);
  const choose = (name: string, on: boolean) => {
    const next = new Set(chosen);
    if (on) next.add(name);
    else next.delete(name);
    change({detectors: listOf(next, names)});
  };
  const setOption = (name: string, value: string) => change({options: {...form.options, [name]: value}});
  return (
    <section class="panel" aria-label="Detectors">
      <div class="bar">
        <h2>Detectors</h2>
        <span class="soft">{chosen.size} of {names.length}</span>
        <button type="button" onClick={() => change({detectors: 'all'})}>All</button>
      </div>
      {wrong['detectors'] && <p class="wrong" role="alert">{wrong['detectors']}</p>}
      {wrong['options'] && <p class="wrong" role="alert">{wrong['options']}</p>}
      <ul class="detectors">
        {all.map((detector) => (
          <li key={detector.name}>
            <label class="check">
              <input type="checkbox" checked={chosen.has(detector.name)} onChange={(e) => choose(detector.name, e.currentTarget.checked)} />
              <b>{detector.name}</b> <span class="soft">{detector.summary}</span>
            </label>
            {chosen.has(detector.name) && detector.options.length > 0 && (
              <Options detector={detector} values={form.options} set={setOption} wrong={wrong} />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

interface OptionsProps {
  detector: Detector;
  values: Record<string, string>;
  set: (name: string, value: string) => void;
  wrong: Record<string, string>;
}

function Options({detector, values, set, wrong}: OptionsProps) {
  const full = (option: DetectorOption) => `${detector.name}.${option.name}`;
  const changed = detector.options.filter((option) => (values[full(option)] ?? '') !== '').length;
  const isWrong = detector.options.some((option) => wrong[full(option)]);
  return (
    <details open={isWrong || undefined}>
      <summary>Options{changed > 0 && ` (${changed} changed)`}</summary>
      <div class="form-grid">
        {detector.options.map((option) => (
          <Field key={option.name} id={full(option)} title={titleOf(option)} wrong={wrong[full(option)]}
            help={`${option.help}; ${option.minimum} to ${option.maximum}`}>
            {(d) => <input {...d} inputMode="decimal" placeholder={String(option.default)} value={values[full(option)] ?? ''}
              onInput={(e) => set(full(option), e.currentTarget.value)} />}
          </Field>
        ))}
      </div>
    </details>
  );
}

const titleOf = ({name, unit}: DetectorOption) => (unit ? `${name}, ${unit}` : name);
