import {useState} from 'preact/hooks';
import {setToken, token} from '../state/session';

// The service wants a token, or does not know the one that was sent.
export function TokenView() {
  const [text, setText] = useState('');
  const [remember, setRemember] = useState(false);
  const wasRefused = token.value !== '';
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim()) setToken(text.trim(), remember);
  };
  return (
    <main class="token">
      <form class="panel" onSubmit={submit}>
        <h1>Monolens</h1>
        <label for="token">Token</label>
        <input id="token" type="password" autocomplete="current-password" value={text} autofocus
          aria-invalid={wasRefused} aria-describedby="token-help" onInput={(e) => setText(e.currentTarget.value)} />
        <p id="token-help" class={wasRefused ? 'wrong' : 'help'}>
          {wasRefused ? 'The service does not know this token.' : 'This service asks for a token. Whoever runs it gives them out.'}
        </p>
        <label class="check">
          <input type="checkbox" checked={remember} onChange={(e) => setRemember(e.currentTarget.checked)} />
          Keep it in this browser
        </label>
        <button class="button-main" type="submit">Go on</button>
      </form>
    </main>
  );
}
