import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { firstCheck } from './first-check.js';

const trustFor = (...kinds: string[]) =>
  JSON.stringify({
    trust: { known: kinds.length === 0, reasons: kinds.map((kind) => ({ kind })) },
  });

let answers: string[];
let asked: (string | undefined)[];
let said: number;
let server: Server;
beforeAll(async () => {
  server = createServer(({ url, headers }, response) => {
    asked.push(`${url} ${headers.authorization}`);
    // The last answer stays.
    response.end(answers.length > 1 ? answers.shift() : answers[0]);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => server.close());
beforeEach(() => {
  asked = [];
  said = 0;
});

const wait = (
  limits?: { sayAfterMs: number; totalMs: number },
  signal = new AbortController().signal,
) =>
  firstCheck({
    consoleUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'abc',
    signal,
    onWait: () => said++,
    ...(limits && { limits }),
  });

test.each([
  ['no check was ever made', 'never_checked'],
  ['the one that was due while nothing ran is to come', 'check_overdue'],
])('while %s, the link waits', async (_, kind) => {
  answers = [trustFor(kind), 'not JSON', trustFor(kind), trustFor()];
  await wait();
  expect(asked).toEqual(Array(4).fill('/api/v1/overview Bearer abc'));
});

test.each([['disabled'], ['clock_behind'], ['setting_unreadable']])(
  'for %s no check helps, and the link does not wait',
  async (kind) => {
    answers = [trustFor(kind)];
    await wait();
    expect(asked).toHaveLength(1);
  },
);

test.each([
  ['a check that does not come', trustFor('never_checked')],
  ['a console that answers with an error', '{"status":503}'],
])('for %s the link does not wait for ever, and the wait is said once', async (_, answer) => {
  answers = [answer];
  await wait({ sayAfterMs: 0, totalMs: 500 });
  expect(said).toBe(1);
});

test('a start that is stopped meanwhile waits no longer', async () => {
  answers = [trustFor('never_checked')];
  const stopping = new AbortController();
  const waiting = wait(undefined, stopping.signal);
  stopping.abort();
  await expect(waiting).rejects.toThrow('abort');
});
