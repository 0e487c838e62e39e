import { setTimeout as sleep } from 'node:timers/promises';
import { dataSourceFor, readOutbox } from '@backup-awareness/database';
import { createTestDatabase, eventually, type TestDatabase } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { LeaseLost, Standby, type Lease } from './lease.js';
import { tick } from './tick.js';

const ENGINES = Array.from({ length: 20 }, (_, i) => `engine-${i}.example.com`);
const ENOUGH_WITHIN_MS = 120_000;

interface Alert {
  readonly alert_id: string;
  readonly fqdn: string;
  readonly sequence: number;
}

describe('racing leaders', () => {
  let database: TestDatabase;
  let owner: DataSource;
  let epochs: Set<string>;
  let isOver: boolean;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    owner = database.owner;
    await owner.query('INSERT INTO engine (fqdn) SELECT unnest($1::text[])', [ENGINES]);
  });
  afterAll(() => database?.drop());

  /** Works like a leader without pauses; trusts its lease until the database refuses it. */
  async function lead(): Promise<void> {
    const dataSource = await dataSourceFor(database.urls.checker).initialize();
    const standby = new Standby();
    let lease: Lease | undefined;
    let decidedBy: string | undefined;
    while (!isOver) {
      try {
        lease ??= await standby.acquire(dataSource);
        if (!lease) continue;
        epochs.add(lease.epoch);
        const becameLeader = decidedBy === undefined;
        ({ decidedBy } = await tick(dataSource, {
          lease,
          becameLeader,
          mayCheck: true,
          decidedBy,
        }));
      } catch (error) {
        if (!(error instanceof LeaseLost)) throw error;
        lease = undefined;
        decidedBy = undefined;
      }
    }
    await dataSource.destroy();
  }

  /** Keeps expiring the lease. */
  async function unseat(): Promise<void> {
    while (!isOver) {
      await owner.query(`UPDATE checker_lease SET expires_at = 'epoch'`);
      await sleep(15);
    }
  }

  /** Keeps adding and deleting backups, so that there is always something to decide. */
  async function live(): Promise<void> {
    while (!isOver) {
      const fqdn = ENGINES[Math.floor(Math.random() * ENGINES.length)];
      await owner.query('DELETE FROM engine_backup_log WHERE fqdn = $1', [fqdn]);
      await owner.query(
        `INSERT INTO engine_backup_log
           (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
         SELECT $1, gen_random_uuid()::text, scope, at, true, '', '', at, at
         FROM unnest('{db,files}'::text[]) AS scope, (SELECT now() - $2 * interval '1 hour' AS at) report`,
        [fqdn, Math.random() < 0.5 ? 0 : 48],
      );
      await sleep(5);
    }
  }

  /** Counts events instead of time, because a busy machine races more slowly. */
  async function untilEnoughHappened(): Promise<void> {
    await eventually(async () => {
      expect(epochs.size).toBeGreaterThan(10);
      const [{ count }] = await owner.query(
        `SELECT count(*)::int FROM outbox WHERE name LIKE 'BackupAlert%'`,
      );
      expect(count).toBeGreaterThan(100);
    }, ENOUGH_WITHIN_MS);
  }

  it('leave each engine with at most one alert, every event once, and no gap in the sequence', async () => {
    epochs = new Set();
    isOver = false;
    const racing = Promise.all([lead(), lead(), lead(), unseat(), live()]);
    await Promise.race([untilEnoughHappened(), racing]);
    isOver = true;
    await racing;

    const pending = await readOutbox(owner, 100_000);
    const events = pending
      .filter(({ event }) => event.name.startsWith('BackupAlert'))
      .map(({ event }) => ({ name: event.name, ...(event.data as Alert) }));
    expect(new Set(pending.map(({ event }) => event.id)).size).toBe(pending.length);
    const active: { fqdn: string; alert_id: string }[] = await owner.query(
      'SELECT fqdn, alert_id FROM alert WHERE cleared_at IS NULL',
    );
    for (const fqdn of ENGINES) {
      const ofEngine = events.filter((event) => event.fqdn === fqdn);
      expect(ofEngine.map(({ sequence }) => sequence)).toEqual(ofEngine.map((_, i) => i + 1));
      // Raised and Cleared alternate, and each Cleared belongs to the alert raised just before it.
      ofEngine.forEach(({ name, alert_id }, i) => {
        expect(name).toBe(i % 2 === 0 ? 'BackupAlertRaised' : 'BackupAlertCleared');
        if (i % 2 === 1) expect(alert_id).toBe(ofEngine[i - 1]!.alert_id);
      });
      const lastAlert = ofEngine.length % 2 === 1 ? [ofEngine.at(-1)!.alert_id] : [];
      expect(active.filter((row) => row.fqdn === fqdn).map((row) => row.alert_id)).toEqual(
        lastAlert,
      );
    }
  });
});
