import { createHash } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { messageTriesIn } from './message-tries.js';

describe('the tries of a message', () => {
  let database: TestDatabase;
  let replicas: DataSource[];

  beforeAll(async () => {
    database = await createTestDatabase();
    replicas = await Promise.all(
      [1, 2].map(() => dataSourceFor(database.urls.ingest, { poolSize: 1 }).initialize()),
    );
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.destroy()));
    await database?.drop();
  });
  beforeEach(() => database.owner.query('TRUNCATE message_try'));

  const message = { queue: 'q', key: createHash('sha256').update('m').digest() };
  const rows = () => database.owner.query('SELECT queue, tries, last_error FROM message_try');

  it('are counted for all replicas together', async () => {
    const [one, other] = replicas.map((replica) => messageTriesIn(replica));
    expect(await one!.begin(message)).toEqual({ triesBefore: 0, lastError: null });
    expect(await other!.begin(message)).toEqual({ triesBefore: 1, lastError: null });
    await other!.failed(message, 'a\0b');
    expect(await one!.begin(message)).toEqual({ triesBefore: 2, lastError: 'a\ufffdb' });
    await one!.takeBack(message);
    expect(await rows()).toEqual([{ queue: 'q', tries: 2, last_error: 'a\ufffdb' }]);
    await one!.forget(message);
    expect(await rows()).toEqual([]);
  });

  it('are never negative, and are counted for each queue', async () => {
    const tries = messageTriesIn(replicas[0]!);
    await tries.takeBack(message);
    await tries.begin(message);
    await tries.takeBack(message);
    await tries.takeBack(message);
    expect(await tries.begin(message)).toMatchObject({ triesBefore: 0 });
    expect(await tries.begin({ ...message, queue: 'another' })).toMatchObject({ triesBefore: 0 });
  });

  it('are forgotten 30 days after the last one', async () => {
    const tries = messageTriesIn(replicas[0]!);
    for (const queue of ['old', 'young']) await tries.begin({ ...message, queue });
    for (const [queue, days] of [
      ['old', 31],
      ['young', 29],
    ])
      await database.owner.query(
        `UPDATE message_try SET last_try_at = now() - make_interval(days => $2) WHERE queue = $1`,
        [queue, days],
      );
    await tries.forget(message);
    expect(await rows()).toMatchObject([{ queue: 'young' }]);
  });
});
