import { Publisher } from '@backup-awareness/messaging';
import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { Problem } from '../http/problem.js';
import { Letters, LIMITS } from './letters.js';

let broker: TestBroker;
const ids = Array.from({ length: 3 }, () => randomUUID());

/** Has two letters more than it lists. */
const lettersThat = (limits: Partial<typeof LIMITS>) =>
  new Letters(
    { amqpUrl: broker.urlOf('console'), readTls: () => ({}), replayPassword: undefined },
    { ...LIMITS, listed: 1, ...limits },
  );

beforeAll(async () => {
  Logger.overrideLogger(false);
  broker = await createTestBroker();
  const ingest = await Publisher.open(broker.urlOf('ingest'), 'spec');
  for (const id of ids)
    await eventually(() =>
      ingest.publish({
        exchange: 'backup-awareness.dead',
        routingKey: 'backup-awareness.ingest',
        body: Buffer.from('x'),
        options: { headers: { 'x-dead-letter-id': id } },
      }),
    );
  await ingest.close();
});
afterAll(() => broker?.drop());

const refusalOf = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    ({ status, message, particulars }: Problem) => ({ status, message, ...particulars }),
  );

test('after a viewer has looked for a letter that is not listed, there is a pause of a multiple of the time that it took', async () => {
  const often = { leastMs: 0, times: 1 };
  const seldom = { leastMs: 0, times: 1_000_000 };
  const letters = lettersThat({ pauses: { list: often, listed: often, unlisted: seldom } });
  expect(await letters.find(randomUUID(), 'viewer')).toBeUndefined();
  const refused = await refusalOf(letters.find(randomUUID(), 'viewer'));
  expect(refused).toMatchObject({ status: 503 });
  expect(refused!.message).toMatch(/^letters that are not listed are looked for .* in \d+ s$/);
  expect(refused!.retryAfter).toBeGreaterThan(60);
  await eventually(async () => {
    const [listed] = (await letters.list()).letters;
    expect((await letters.find(listed!.id, 'viewer'))?.letter.id).toBe(listed!.id);
  });
  expect((await letters.find(ids[2]!, 'operator'))?.letter.id).toBe(ids[2]);
});

test('the list is shared for a multiple of the time that it took', async () => {
  const seldom = { leastMs: 0, times: 1_000_000 };
  const letters = lettersThat({ pauses: { ...LIMITS.pauses, list: seldom } });
  const listed = await letters.list();
  expect(await letters.list()).toBe(listed);
  const never = { leastMs: 0, times: 0 };
  const afresh = lettersThat({ pauses: { ...LIMITS.pauses, list: never } });
  expect(await afresh.list()).not.toBe(await afresh.list());
});

test('a viewer’s search for a letter that is not listed is stopped after a while, and another has to wait then, too', async () => {
  const letters = lettersThat({ searchMs: 0 });
  const stopped = await refusalOf(letters.find(randomUUID(), 'viewer'));
  expect(stopped).toMatchObject({
    status: 503,
    message: expect.stringContaining('an operator can look at all'),
    retryAfter: expect.any(Number),
  });
  expect((await refusalOf(letters.find(randomUUID(), 'viewer')))!.message).toContain('not listed');
});
