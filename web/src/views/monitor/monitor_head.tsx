import {useState} from 'preact/hooks';
import {api} from '../../api/client';
import {wordsOf} from '../../api/errors';
import type {Watched} from '../../model/condition';
import {inMaintenance} from '../../model/condition';
import {labelsOf} from '../../model/wall_filter';
import {number} from '../../model/format';
import {StateMark} from '../../parts/marks';
import {Confirm} from '../../parts/confirm';
import {go, to} from '../../route';
import {now} from '../../state/clock';
import {readMonitors} from '../../state/monitors';
import {mayWrite} from '../../state/service';

export function MonitorHead({watched: {monitor, condition}}: {watched: Watched}) {
  const [words, setWords] = useState('');
  const act = async (what: () => Promise<unknown>) => {
    setWords('');
    try {
      await what();
      await readMonitors();
    } catch (error) {
      setWords(wordsOf(error));
    }
  };
  const remove = () => act(async () => {
    await api.remove(monitor.id);
    go(to.wall());
  });
  return (
    <div class="head">
      <div class="head-words">
        <h1>{monitor.name}</h1>
        <p class="soft ellipsis">{monitor.url === monitor.name ? null : monitor.url}</p>
        <p class="head-facts">
          <StateMark state={condition.state} />
          {condition.why && <span>{condition.why}</span>}
          {inMaintenance(monitor, now.value) && <span class="tag">Maintenance</span>}
          {labelsOf(monitor.labels).map((label) => <a class="tag" key={label} href={to.wall({label})}>{label}</a>)}
        </p>
      </div>
      <p class="big-score"><b>{number(monitor.score)}</b><span>score</span></p>
      {mayWrite.value && (
        <div class="actions">
          <a class="button" href={to.change(monitor.id)}>Change</a>
          <button onClick={() => void act(() => api.change(monitor.id, {paused: !monitor.paused}))}>
            {monitor.paused ? 'Resume' : 'Pause'}
          </button>
          {monitor.quarantined && <button onClick={() => void act(() => api.change(monitor.id, {}))}>Watch again</button>}
          <Confirm words="Remove" question={`Watch ${monitor.name} no longer?`} act={() => void remove()} />
        </div>
      )}
      {words && <p class="wrong" role="alert">{words}</p>}
    </div>
  );
}
