import { eventually } from '@backup-awareness/testing';
import { answeringServer, type AnsweringServer } from '../spec/answering-server.js';
import { send } from './send.js';

const { signal } = new AbortController();
let server: AnsweringServer;
beforeEach(async () => (server = await answeringServer()));
afterEach(() => server.close());

const post = (url = server.url, timeoutMs = 1_000) =>
  send(url, { body: 'text', timeoutMs }, signal);

describe('a request', () => {
  it('is accepted where the answer is one of success', async () => {
    server.answer({ status: 202 });
    expect(await post()).toEqual({ outcome: 'accepted' });
  });

  it('tells what the other side’s clock shows', async () => {
    server.answer({ status: 200, headers: { date: 'Mon, 23 Nov 2026 12:00:00 GMT' } });
    const answeredAt = Date.UTC(2026, 10, 23, 12);
    expect(await post()).toEqual({ outcome: 'accepted', answeredAt });
  });

  it('follows no redirect, and says where it would lead', async () => {
    server.answer({ status: 302, headers: { location: `${server.url}/inside` } });
    expect(await post()).toMatchObject({ outcome: 'refused', status: 302 });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['in seconds', '7', 7_000],
    ['in a day, of which it takes an hour', '86400', 3_600_000],
    ['in words', 'later', undefined],
  ])('waits as the answer asks: %s', async (_, header, retryAfterMs) => {
    server.answer({ status: 429, headers: { 'retry-after': header } });
    expect(await post()).toEqual({ outcome: 'unavailable', error: 'answered 429', retryAfterMs });
  });

  it('waits until a date', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    server.answer({ status: 503, headers: { 'retry-after': date } });
    const { retryAfterMs } = (await post()) as { retryAfterMs: number };
    expect(Math.abs(retryAfterMs - 60_000)).toBeLessThan(20_000);
  });

  it('ends where no answer comes', async () => {
    server.answer('nothing');
    expect(await post()).toMatchObject({ outcome: 'unavailable', error: 'no answer within 1 s' });
  });

  it('reads no more of an endless answer than it shows, without what would move a terminal', async () => {
    server.answer({ status: 400, body: `\u001b[2J${'x'.repeat(10_000_000)}` });
    const { error } = (await post()) as { error: string };
    expect(error).toMatch(/^answered 400: \[2Jx{197}$/);
  });

  it('is accepted once the status is there, whatever follows', async () => {
    server.answer({ status: 200, isEndless: true });
    expect(await post(server.url, 60_000)).toEqual({ outcome: 'accepted' });
    await eventually(() => expect(server.connections()).toBe(0));
  });

  it('sends user and password of its URL as a header, and never says them', async () => {
    const url = server.url.replace('://', '://us%20er:se%3Acret@');
    await post(url);
    const pair = Buffer.from('us er:se:cret').toString('base64');
    expect(server.received[0]!.headers.authorization).toBe(`Basic ${pair}`);
    const refused = await post('http://user:secret@127.0.0.1:1/');
    expect(JSON.stringify(refused)).toContain('ECONNREFUSED');
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it('ends when the service does', async () => {
    server.answer('nothing');
    const stopping = new AbortController();
    const sent = send(server.url, {}, stopping.signal);
    stopping.abort();
    expect(await sent).toMatchObject({ outcome: 'unavailable' });
  });
});
