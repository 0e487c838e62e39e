import { dataSourceFor, inTransaction } from '@backup-awareness/database';
import {
  createTcpProxy,
  createTestDatabase,
  eventually,
  type TestDatabase,
} from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { holdLease, LeaseLost, releaseLease, Standby, type Lease } from './lease.js';

/** Stops a hang; the benchmark measures the speed. */
const TAKE_OVER_CAP_MS = 30_000;
const LEASE_DURATION_MS = 3_000;

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

  /** A checker's own pool, with the privileges and time-outs of its role. */
  async function checker(url = database.urls.checker): Promise<DataSource> {
    const dataSource = await dataSourceFor(url).initialize();
    opened.push(dataSource);
    return dataSource;
  }

  const acquireLease = (dataSource: DataSource) => new Standby().acquire(dataSource);

  async function take(dataSource: DataSource, standby = new Standby()): Promise<Lease> {
    const lease = await standby.acquire(dataSource);
    if (!lease) throw new Error('another process has the lease');
    return lease;
  }

  /** Waits until this one becomes leader. */
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

  it('is taken by exactly one of many that try at once', async () => {
    const checkers = await Promise.all(Array.from({ length: 6 }, () => checker()));
    const leases = await Promise.all(checkers.map((dataSource) => acquireLease(dataSource)));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('cannot be taken while it is held', async () => {
    const lease = await take(first);
    await hold(first, lease);
    expect(await acquireLease(second)).toBeUndefined();
  });

  it('is taken over with a higher epoch when it expires', async () => {
    const lease = await take(first);
    await takeOver(second);
    const [row] = await database.owner.query('SELECT epoch FROM checker_lease');
    expect(Number(row.epoch)).toBe(Number(lease.epoch) + 1);
  });

  it('does not expire while it is renewed', async () => {
    const lease = await take(first);
    for (let renewal = 0; renewal < 9; renewal++) {
      await hold(first, lease);
      expect(await acquireLease(second)).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });

  it('is free at once when released', async () => {
    await releaseLease(first, await take(first));
    await take(second);
  });

  it('stays with the new leader when the old one releases it late', async () => {
    const stale = await take(first);
    await setExpiry(`'epoch'`);
    await take(second);
    await releaseLease(first, stale);
    expect(await acquireLease(first)).toBeUndefined();
  });

  it('does not let a leader that has lost it write', async () => {
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

  it('does not let a process that has taken it again write under the old epoch', async () => {
    const stale = await take(first);
    await setExpiry(`'epoch'`);
    await take(first);
    await expect(hold(first, stale)).rejects.toThrow(LeaseLost);
  });

  it('can be renewed after it has expired, if nobody has taken it', async () => {
    const lease = await take(first);
    await setExpiry(`'epoch'`);
    await hold(first, lease);
    expect(await acquireLease(second)).toBeUndefined();
  });

  it.each(['4 seconds', '8 seconds', '1 hour', '10 years'])(
    'is taken over in time even if the clock was put back %s after it was taken',
    async (jump) => {
      await take(first);
      await setExpiry(`expires_at + interval '${jump}'`);
      await takeOver(second);
    },
  );

  it('stays with a leader that renews it after the clock was put back, however long a standby waits', async () => {
    const lease = await take(first);
    const acquire = standbyFor(second);
    for (let renewal = 0; renewal < 9; renewal++) {
      await hold(first, lease);
      await setExpiry(`expires_at + interval '1 hour'`);
      expect(await acquire()).toBeUndefined();
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  });

  it('is taken by exactly one of many standbys that saw no renewal for its whole duration', async () => {
    await take(first);
    await setExpiry(`expires_at + interval '1 hour'`);
    const standbys = [first, second, await checker(), await checker()].map(standbyFor);
    for (const acquire of standbys) await acquire();
    await new Promise((resolve) => setTimeout(resolve, LEASE_DURATION_MS));
    const leases = await Promise.all(standbys.map((acquire) => acquire()));
    expect(leases.filter((lease) => lease !== undefined)).toHaveLength(1);
  });

  it('cannot be taken during a deciding transaction, so that two never decide at once', async () => {
    const lease = await take(first);
    let isDeciding = false;
    const deciding = inTransaction(first, async (transaction) => {
      await holdLease(transaction, lease);
      isDeciding = true;
      await transaction.query('SELECT pg_sleep(1.5)');
      isDeciding = false;
    });
    await eventually(() => expect(isDeciding).toBe(true));
    // Reads the row as before the transaction, which is not visible yet.
    const taken = await acquireLease(second).then((taker) => ({ taker, isDeciding }));
    await deciding;
    expect(taken).toEqual({ taker: undefined, isDeciding: true });
    await hold(first, lease);
  });

  describe('of a paused leader', () => {
    it('is taken over in time when it is paused inside its transaction', async () => {
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

    it('is taken over in time when it is paused while reading, though the server cannot send the rest', async () => {
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
