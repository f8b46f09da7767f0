import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {follow} from '../src/api/follow';

interface Stream {
  lastEventId: string | null;
  send: (text: string) => void;
  end: () => void;
}

// The service: each connection is a stream that the test feeds, or a refusal.
function serve(streams: Stream[], refusals: Response[] = []) {
  vi.stubGlobal('fetch', async (_path: string, init: RequestInit) => {
    const refusal = refusals.shift();
    if (refusal) return refusal;
    let to!: ReadableStreamDefaultController<Uint8Array>;
    const body = new ReadableStream<Uint8Array>({start: (controller) => void (to = controller)});
    streams.push({
      lastEventId: (init.headers as Headers).get('Last-Event-ID'),
      send: (text) => to.enqueue(new TextEncoder().encode(text)),
      end: () => to.close(),
    });
    return new Response(body);
  });
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function listen() {
  const told: string[] = [];
  const stop = follow({
    connected: async () => void told.push('connected'),
    event: (event) => void told.push(event.data),
    lost: () => void told.push('lost'),
  });
  return {told, stop};
}

test('goes on after the last event when the connection is lost', async () => {
  const streams: Stream[] = [];
  serve(streams);
  const {told, stop} = listen();
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  expect(streams[0]!.lastEventId).toBeNull();
  streams[0]!.send('id: 41\ndata: one\n\n');
  await vi.waitFor(() => expect(told).toEqual(['connected', 'one']));
  streams[0]!.end();
  await vi.waitFor(() => expect(streams).toHaveLength(2));
  expect(streams[1]!.lastEventId).toBe('41');
  streams[1]!.send('id: 42\ndata: two\n\n');
  await vi.waitFor(() => expect(told).toEqual(['connected', 'one', 'lost', 'connected', 'two']));
  stop();
});

test('begins anew where the service does not know the last event', async () => {
  const streams: Stream[] = [];
  const refusals: Response[] = [];
  serve(streams, refusals);
  const {stop} = listen();
  await vi.waitFor(() => expect(streams).toHaveLength(1));
  streams[0]!.send('id: 41\ndata: one\n\n');
  await vi.advanceTimersByTimeAsync(10);
  refusals.push(new Response('{}', {status: 400}));
  streams[0]!.end();
  await vi.advanceTimersByTimeAsync(3000);
  expect(streams).toHaveLength(2);
  expect(streams[1]!.lastEventId).toBeNull();
  stop();
});

test('a stream on which nothing comes, not even a comment, is given up', async () => {
  const streams: Stream[] = [];
  serve(streams);
  const {told, stop} = listen();
  await vi.waitFor(() => expect(told).toEqual(['connected']));
  streams[0]!.send(': alive\n\n');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(told).toEqual(['connected']);
  stop();
});
