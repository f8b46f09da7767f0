// What is behind an address: asked for once the typing rests.

import {useEffect, useState} from 'preact/hooks';
import {api} from '../../api/client';
import {isMissing, wordsOf} from '../../api/errors';
import type {Probe} from '../../api/types';
import {inputFacts} from '../../model/input_words';
import {Facts} from '../../parts/facts';

type Found =
  | {state: 'nothing'}
  | {state: 'looking'}
  | {state: 'there'; probe: Probe}
  | {state: 'failed'; words: string};

const restMs = 700;
const hasScheme = /^([a-z][a-z0-9+.-]*:|\/)./i;

let isKnown = true;  // false once the service has said that it can't look

export function ProbeView({url, program}: {url: string; program: string}) {
  const [found, setFound] = useState<Found>({state: 'nothing'});
  useEffect(() => {
    setFound({state: 'nothing'});
    if (!isKnown || !hasScheme.test(url.trim())) return undefined;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      setFound({state: 'looking'});
      look(url.trim(), program, abort.signal).then(
        (next) => abort.signal.aborted || setFound(next), () => {});
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [url, program]);

  return <div class="probe" role="status"><Words found={found} /></div>;
}

async function look(url: string, program: string, signal: AbortSignal): Promise<Found> {
  const chosen = program.trim() === '' ? undefined : Number(program);
  try {
    const probe = await api.probe(chosen === undefined || Number.isNaN(chosen) ? {url} : {url, program: chosen}, signal);
    return {state: 'there', probe};
  } catch (error) {
    if (isMissing(error)) isKnown = false;
    return isMissing(error) ? {state: 'nothing'} : {state: 'failed', words: wordsOf(error)};
  }
}

function Words({found}: {found: Found}) {
  switch (found.state) {
    case 'nothing': return null;
    case 'looking': return <p class="soft">Looking at it…</p>;
    case 'failed': return <p class="wrong">{found.words}</p>;
    case 'there': return (
      <>
        {found.probe.picture && <img src={`data:image/jpeg;base64,${found.probe.picture}`} alt="A picture of the stream" />}
        <Facts facts={inputFacts(found.probe.input)} />
      </>
    );
  }
}
