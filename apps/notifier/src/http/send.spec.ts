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
  it('is accepted if the status is 2xx', async () => {
    server.answer({ status: 202 });
    expect(await post()).toEqual({ outcome: 'accepted' });
  });

  it('returns the time of the server’s clock', async () => {
    server.answer({ status: 200, headers: { date: 'Mon, 23 Nov 2026 12:00:00 GMT' } });
    const answeredAt = Date.UTC(2026, 10, 23, 12);
    expect(await post()).toEqual({ outcome: 'accepted', answeredAt });
  });

  it('does not follow a redirect, and names its target', async () => {
    server.answer({ status: 302, headers: { location: `${server.url}/inside` } });
    expect(await post()).toMatchObject({ outcome: 'refused', status: 302 });
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['in seconds', '7', 7_000],
    ['in a day, limited to an hour', '86400', 3_600_000],
    ['not a number or date', 'later', undefined],
  ])('honours Retry-After: %s', async (_, header, retryAfterMs) => {
    server.answer({ status: 429, headers: { 'retry-after': header } });
    expect(await post()).toEqual({ outcome: 'unavailable', error: 'answered 429', retryAfterMs });
  });

  it('honours a date in Retry-After', async () => {
    const date = new Date(Date.now() + 60_000).toUTCString();
    server.answer({ status: 503, headers: { 'retry-after': date } });
    const { retryAfterMs } = (await post()) as { retryAfterMs: number };
    expect(Math.abs(retryAfterMs - 60_000)).toBeLessThan(20_000);
  });

  it('times out without an answer', async () => {
    server.answer('nothing');
    expect(await post()).toMatchObject({ outcome: 'unavailable', error: 'no answer within 1 s' });
  });

  it('reads only the shown part of an endless answer, and removes control characters', async () => {
    server.answer({ status: 400, body: `\u001b[2J${'x'.repeat(10_000_000)}` });
    const { error } = (await post()) as { error: string };
    expect(error).toMatch(/^answered 400: \[2Jx{197}$/);
  });

  it('is accepted as soon as the status has arrived, whatever follows', async () => {
    server.answer({ status: 200, isEndless: true });
    expect(await post(server.url, 60_000)).toEqual({ outcome: 'accepted' });
    await eventually(() => expect(server.connections()).toBe(0));
  });

  it('sends user and password of its URL as a header, and never shows them', async () => {
    const url = server.url.replace('://', '://us%20er:se%3Acret@');
    await post(url);
    const pair = Buffer.from('us er:se:cret').toString('base64');
    expect(server.received[0]!.headers.authorization).toBe(`Basic ${pair}`);
    const refused = await post('http://user:secret@127.0.0.1:1/');
    expect(JSON.stringify(refused)).toContain('ECONNREFUSED');
    expect(JSON.stringify(refused)).not.toContain('secret');
  });

  it.each<[string, Parameters<AnsweringServer['answer']>[0]]>([
    [
      'quotes it',
      { status: 404, body: 'no hook /T0KEN%20ONE?key=K3Y+T%C3%96 here, T0KEN ONE, K3Y TÖ' },
    ],
    [
      'redirects to it',
      { status: 301, headers: { location: 'https://other/T0KEN%20ONE?key=K3Y%20T%C3%96' } },
    ],
  ])('never shows a secret path, where the answer %s', async (_, answer) => {
    server.answer(answer);
    const url = `${server.url}/T0KEN%20ONE?key=K3Y%20T%C3%96`;
    const sent = JSON.stringify(await send(url, { body: '', isPathSecret: true }, signal));
    expect(sent).toMatch(/no hook|other/);
    expect(sent).not.toMatch(/T0KEN|K3Y T|K3Y%20/);
  });

  it('is aborted when the service stops', async () => {
    server.answer('nothing');
    const stopping = new AbortController();
    const sent = send(server.url, {}, stopping.signal);
    stopping.abort();
    expect(await sent).toMatchObject({ outcome: 'unavailable' });
  });
});
