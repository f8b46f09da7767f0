import type {Maintenance} from '../../api/types';

interface Props {
  windows: readonly Maintenance[];
  wrong?: string | undefined;
  change: (windows: Maintenance[]) => void;
}

// Stretches of time in which nobody wants to be told.
export function MaintenanceFields({windows, wrong, change}: Props) {
  const set = (at: number, part: Partial<Maintenance>) =>
    change(windows.map((window, i) => (i === at ? {...window, ...part} : window)));
  const add = () => {
    const from = new Date(Math.ceil(Date.now() / 60_000) * 60_000);
    change([...windows, {from: from.toISOString(), until: new Date(from.getTime() + 3600_000).toISOString(), note: ''}]);
  };
  return (
    <section class="panel" aria-label="Maintenance">
      <div class="bar">
        <h2>Maintenance</h2>
        <button type="button" onClick={add}>Add a window</button>
      </div>
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
      {windows.map((window, at) => (
        <div class="bar" key={at}>
          <Moment title="From" at={window.from} set={(from) => set(at, {from})} />
          <Moment title="Until" at={window.until} set={(until) => set(at, {until})} />
          <label>Note <input value={window.note ?? ''} onInput={(e) => set(at, {note: e.currentTarget.value})} /></label>
          <button type="button" onClick={() => change(windows.filter((_, i) => i !== at))}>Remove</button>
        </div>
      ))}
    </section>
  );
}

// In local time, as the browser's own control has it.
function Moment({title, at, set}: {title: string; at: string; set: (at: string) => void}) {
  const t = new Date(at);
  const local = new Date(t.getTime() - t.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  return (
    <label>{title} <input type="datetime-local" value={local} onChange={(e) => {
      const chosen = new Date(e.currentTarget.value);
      if (!Number.isNaN(chosen.getTime())) set(chosen.toISOString());
    }} /></label>
  );
}
