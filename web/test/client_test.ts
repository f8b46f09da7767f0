import {afterEach, expect, test, vi} from 'vitest';
import {api} from '../src/api/client';
import {ApiError} from '../src/api/errors';
import {forgetToken, needsToken, setToken} from '../src/state/session';

afterEach(() => {
  vi.useRealTimers();
  forgetToken();
  needsToken.value = false;
});

const problem = (status: number, detail: string, headers = {}) =>
  new Response(JSON.stringify({type: 'about:blank', title: 'No', status, detail}), {status, headers});

const failure = (promise: Promise<unknown>) => promise.then(() => expect.unreachable(), (error: unknown) => error as ApiError);

test('an error has the words of the service and names the member', async () => {
  vi.stubGlobal('fetch', async () => problem(422, "'stalled_after_s' must be from 0.2 to 3600"));
  const error = await failure(api.create({url: 'x'}, 'key'));
  expect(error.status).toBe(422);
  expect(error.message).toBe("'stalled_after_s' must be from 0.2 to 3600");
  expect(error.member).toBe('stalled_after_s');
});

test('an answer that is no problem document is told by its status', async () => {
  vi.stubGlobal('fetch', async () => new Response('<html>', {status: 502, statusText: 'Bad Gateway'}));
  expect((await failure(api.monitors())).message).toBe('502 Bad Gateway');
});

test('no answer at all is told in words', async () => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('Failed to fetch')));
  expect((await failure(api.monitors())).message).toBe('The service does not answer.');
});

test('every request carries the token, and one that is refused is asked for', async () => {
  const seen: (string | null)[] = [];
  vi.stubGlobal('fetch', async (_: string, init: RequestInit) => {
    seen.push((init.headers as Headers).get('Authorization'));
    return problem(401, 'no');
  });
  await failure(api.monitors());
  setToken('s3cret', false);
  expect(needsToken.value).toBe(false);
  await failure(api.monitors());
  expect(seen).toEqual([null, 'Bearer s3cret']);
  expect(needsToken.value).toBe(true);
});

test('a service without room is asked again when it says', async () => {
  vi.useFakeTimers();
  const answers = [problem(429, 'slow down', {'Retry-After': '2'}), new Response('{"monitors": []}')];
  vi.stubGlobal('fetch', async () => answers.shift()!);
  const asked = api.monitors();
  await vi.advanceTimersByTimeAsync(1900);
  expect(answers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(await asked).toEqual([]);
});

test('ids are escaped', async () => {
  let path = '';
  vi.stubGlobal('fetch', async (p: string) => {
    path = p;
    return new Response('{}');
  });
  await api.monitor('../x?y');
  expect(path).toBe('/v1/monitors/..%2Fx%3Fy');
});
