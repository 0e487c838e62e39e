import { dataSourceFor, inTransaction } from '@backup-awareness/database';
import {
  createTcpProxy,
  createTestDatabase,
  eventually,
  type TestDatabase,
} from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { holdLease, LeaseLost, releaseLease, Standby, type Lease } from './lease.js';

/** A cap for a hang; how fast it is belongs to the benchmark. */
const TAKE_OVER_CAP_MS = 30_000;
const LEASE_LASTS_MS = 3_000;

describe('the lease', () => {
  let database: TestDatabase;
  const opened: DataSource[] = [];
  let first: DataSource;
  let second: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  beforeEach(async () => {
    await database.owner.query(
      `UPDATE checker_lease SET holder = '', epoch = 0, expires_at = 'epoch'`,
    );
    first = await checker();
    second = await checker();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((dataSource) => dataSource.destroy()));
  });

  /** A checker's own pool, with the rights and time-outs of its role. */
  async function checker(url = database.urls.checker): Promise<DataSource> {
    const dataSource = await dataSourceFor(url).initialize();
    opened.push(dataSource);
    return dataSource;
  }

  const acquireLease = (dataSource: DataSource) => new Standby().acquire(dataSource);

  async function take(dataSource: DataSource, standby = new Standby()): Promise<Lease> {
    const lease = await standby.acquire(dataSource);
    if (!lease) throw new Error('the lease is another’s');
    return lease;
  }

  /** Waits until somebody else leads. */
  async function takeOver(dataSource: DataSource): Promise<void> {
    const standby = new Standby();
    await eventually(() => take(dataSource, standby), TAKE_OVER_CAP_MS);
  }

  const standbyFor = (dataSource: DataSource) => {
    const standby = new Standby();
    return () => standby.acquire(dataSource);
  };
  const hold = (dataSource: DataSource, lease: Lease) =>
    inTransaction(dataSource, (transaction) => holdLease(transaction, lease));
  const waitsFor = async (event: string): Promise<boolean> => {
    const [row] = await database.owner.query(
      `SELECT count(*) > 0 AS yes FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event = $1`,
      [event],
    );
    return row.yes;
  };
  const setExpiry = (sql: string) =>
    database.owner.query(`UPDATE checker_lease SET expires_at = ${sql}`);

  it('is taken by exactly one of many that want it at once', async () => {
    const checkers = await Promise.all(Array.from({ length: 6 }, () => checker()));
    const leases = await Promise.all(checkers.map((dataSource) => acquireLease(dataSource)));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('keeps others out while it is held', async () => {
    const lease = await take(first);
    await hold(first, lease);
    expect(await acquireLease(second)).toBeUndefined();
  });

  it('is taken over when it runs out, with a higher epoch', async () => {
    const lease = await take(first);
    await takeOver(second);
    const [row] = await database.owner.query('SELECT epoch FROM checker_lease');
    expect(Number(row.epoch)).toBe(Number(lease.epoch) + 1);
  });

  it('does not run out while it is renewed', async () => {
    const lease = await take(first);
    for (let renewal = 0; renewal < 9; renewal++) {
      await hold(first, lease);
      expect(await acquireLease(second)).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });

  it('given up at an orderly end, is free at once', async () => {
    await releaseLease(first, await take(first));
    await take(second);
  });

  it('given up late by one who has lost it, stays with the new leader', async () => {
    const stale = await take(first);
    await setExpiry(`'epoch'`);
    await take(second);
    await releaseLease(first, stale);
    expect(await acquireLease(first)).toBeUndefined();
  });

  it('lost, lets nothing be written by who held it', async () => {
    const stale = await take(first);
    await setExpiry(`'epoch'`);
    const current = await take(second);
    const writing = inTransaction(first, async (transaction) => {
      await holdLease(transaction, stale);
      await transaction.query(`UPDATE checker_state SET engines = 77`);
    });
    await expect(writing).rejects.toThrow(LeaseLost);
    const [row] = await database.owner.query('SELECT engines FROM checker_state');
    expect(row.engines).not.toBe(77);
    await hold(second, current);
  });

  it('lost to the same process, which took it anew, lets nothing be written under the old epoch', async () => {
    const stale = await take(first);
    await setExpiry(`'epoch'`);
    await take(first);
    await expect(hold(first, stale)).rejects.toThrow(LeaseLost);
  });

  it('run out but taken by nobody, is still the leader’s', async () => {
    const lease = await take(first);
    await setExpiry(`'epoch'`);
    await hold(first, lease);
    expect(await acquireLease(second)).toBeUndefined();
  });

  it.each(['4 seconds', '8 seconds', '1 hour', '10 years'])(
    'given before the clock was put back %s, is taken over without waiting for that',
    async (jump) => {
      await take(first);
      await setExpiry(`expires_at + interval '${jump}'`);
      await takeOver(second);
    },
  );

  it('renewed by a leader after its clock was put back, stays the leader’s, however long somebody stands by', async () => {
    const lease = await take(first);
    const acquire = standbyFor(second);
    for (let renewal = 0; renewal < 9; renewal++) {
      await hold(first, lease);
      await setExpiry(`expires_at + interval '1 hour'`);
      expect(await acquire()).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });

  it('not renewed for as long as it lasts, is taken by exactly one of many that have seen that', async () => {
    await take(first);
    await setExpiry(`expires_at + interval '1 hour'`);
    const standbys = [first, second, await checker(), await checker()].map(standbyFor);
    for (const acquire of standbys) await acquire();
    await new Promise((resolve) => setTimeout(resolve, LEASE_LASTS_MS));
    const leases = await Promise.all(standbys.map((acquire) => acquire()));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('waits for a transaction that decides under it, so that two never decide at once', async () => {
    const lease = await take(first);
    let isDeciding = false;
    const deciding = inTransaction(first, async (transaction) => {
      await holdLease(transaction, lease);
      isDeciding = true;
      await transaction.query('SELECT pg_sleep(1.5)');
      isDeciding = false;
    });
    await eventually(() => expect(isDeciding).toBe(true));
    // As it was before the transaction, which nobody else sees yet.
    const taken = await acquireLease(second).then((taker) => ({ taker, isDeciding }));
    await deciding;
    expect(taken).toEqual({ taker: undefined, isDeciding: true });
    await hold(first, lease);
  });

  describe('of a leader that is paused', () => {
    it('inside its transaction, is another’s within five seconds', async () => {
      const lease = await take(first);
      let wake: () => void = () => undefined;
      const paused = inTransaction(first, async (transaction) => {
        await holdLease(transaction, lease);
        await new Promise<void>((resolve) => (wake = resolve));
        await transaction.query(`UPDATE checker_state SET engines = 88`);
      });
      paused.catch(() => undefined);
      await takeOver(second);
      wake();
      await expect(paused).rejects.toThrow();
      const [row] = await database.owner.query('SELECT engines FROM checker_state');
      expect(row.engines).not.toBe(88);
      await expect(hold(first, lease)).rejects.toThrow(LeaseLost);
    });

    it('while it reads, is another’s within five seconds, though the server cannot send the rest', async () => {
      const proxy = await createTcpProxy(database.urls.checker);
      const paused = await checker(proxy.urlThrough(database.urls.checker));
      const lease = await take(paused);
      const reading = inTransaction(paused, async (transaction) => {
        await holdLease(transaction, lease);
        const rows = transaction.query(
          `SELECT repeat('x', 1000) FROM (SELECT pg_sleep(1)) AS late, generate_series(1, 100000)`,
        );
        await eventually(async () => expect(await waitsFor('PgSleep')).toBe(true));
        proxy.hang();
        await rows;
      });
      reading.catch(() => undefined);
      try {
        await eventually(async () => expect(await waitsFor('ClientWrite')).toBe(true));
        await takeOver(second);
      } finally {
        proxy.cut();
        await proxy.close();
        await reading.catch(() => undefined);
      }
    });
  });
});
