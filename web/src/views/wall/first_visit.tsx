import {useState} from 'preact/hooks';
import {api} from '../../api/client';
import {wordsOf} from '../../api/errors';
import {Empty} from '../../parts/notice';
import {to} from '../../route';
import {readMonitors} from '../../state/monitors';
import {mayWrite} from '../../state/service';

// Nothing is watched yet: a stream of one's own, or one that shows what an incident looks like.
export function FirstVisit() {
  const [words, setWords] = useState('');
  const watchDemo = async () => {
    setWords('');
    try {
      await api.create({url: 'demo:', name: 'Demo'}, 'page-demo');
      await readMonitors();
    } catch (error) {
      setWords(wordsOf(error));
    }
  };
  return (
    <Empty title="No stream is watched yet">
      {mayWrite.value ? (
        <>
          <p>Add one of yours, or watch the demo: a made stream whose defects show within a minute.</p>
          <p class="actions">
            <a class="button button-main" href={to.add()}>Add a stream</a>
            <button onClick={() => void watchDemo()}>Watch the demo</button>
          </p>
        </>
      ) : <p>Your token may only read: somebody else has to add one.</p>}
      {words && <p class="wrong" role="alert">{words}</p>}
    </Empty>
  );
}
