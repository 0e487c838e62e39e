import { dataSourceFor, readOutbox, setOption } from '@backup-awareness/database';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Standby, type Lease } from '../lease.js';
import { tick, type TickRequest, type TickResult } from '../tick.js';

/** The administrator. */
export const who = 'root';

export interface OutboxEvent {
  name: string;
  data: Record<string, unknown>;
}

/** A database, emptied for each test, and a leader whose ticks are run by hand. */
export function useTicks() {
  let database: TestDatabase;
  let owner: DataSource;
  let checker: DataSource;
  let lease: Lease;
  let decidedBy: string | undefined;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    database = await createTestDatabase();
    owner = database.owner;
    checker = await dataSourceFor(database.urls.checker).initialize();
  });
  afterAll(async () => {
    await checker?.destroy();
    await database?.drop();
  });

  beforeEach(async () => {
    await owner.query(
      'TRUNCATE engine_backup_log, engine, alert, alert_dismissal, engine_alert_state, outbox',
    );
    await owner.query(
      'UPDATE checker_state SET last_check_at = NULL, next_check_at = NULL, latest_now_at = NULL',
    );
    await owner.query('UPDATE vdc_options SET option_value = default_value, changed_at = NULL');
    await owner.query(`UPDATE checker_lease SET expires_at = 'epoch'`);
    lease = (await new Standby().acquire(checker))!;
    decidedBy = undefined;
  });

  // Given

  /** An engine registered by its reports so many hours ago. */
  const monitored = (fqdn: string, hoursAgo = 48) =>
    owner.query(
      `INSERT INTO engine (fqdn, watched_since) VALUES ($1, now() - $2 * interval '1 hour')`,
      [fqdn, hoursAgo],
    );
  const backup = (fqdn: string, scope: string, hoursAgo: number) =>
    owner.query(
      `INSERT INTO engine_backup_log
         (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT $1, gen_random_uuid()::text, $2, at, true, '', '', at, at
       FROM (SELECT now() - $3 * interval '1 hour' AS at) report`,
      [fqdn, scope, hoursAgo],
    );
  async function fullBackup(fqdn: string, hoursAgo = 0): Promise<void> {
    await backup(fqdn, 'db', hoursAgo);
    await backup(fqdn, 'files', hoursAgo);
  }
  const withoutBackups = (fqdn: string) =>
    owner.query('DELETE FROM engine_backup_log WHERE fqdn = $1', [fqdn]);
  const lastCheckHoursAgo = (hours: number) =>
    owner.query(
      `UPDATE checker_state SET last_check_at = clock_timestamp() - $1 * interval '1 hour'`,
      [hours],
    );
  const option = (name: string, value: string) => setOption(owner, { name, value, who });

  // When

  async function run(request: Partial<TickRequest> = {}): Promise<TickResult> {
    const result = await tick(checker, {
      lease,
      becameLeader: false,
      mayCheck: true,
      decidedBy,
      ...request,
    });
    decidedBy = result.decidedBy;
    return result;
  }
  const check = () => run({ becameLeader: true });

  // Then

  /** Active alerts, by engine. */
  async function active(): Promise<Record<string, string>> {
    const rows: { fqdn: string; alert: string }[] = await owner.query(
      'SELECT fqdn, alert FROM alert WHERE cleared_at IS NULL ORDER BY fqdn',
    );
    return Object.fromEntries(rows.map(({ fqdn, alert }) => [fqdn, alert]));
  }
  /** The events of alerts in the outbox. */
  async function alertEvents(): Promise<OutboxEvent[]> {
    const pending = await readOutbox(owner, 1_000);
    return pending
      .filter(({ event }) => event.name.startsWith('BackupAlert'))
      .map(({ event }) => ({ name: event.name, data: event.data as OutboxEvent['data'] }));
  }
  async function checkEvents(): Promise<OutboxEvent['data'][]> {
    const pending = await readOutbox(owner, 1_000);
    return pending
      .filter(({ event }) => event.name === 'BackupCheckCompleted')
      .map(({ event }) => event.data as OutboxEvent['data']);
  }
  const decidedEngines = ({ decided }: TickResult) =>
    decided.map(({ engine }) => engine.facts.fqdn);

  return {
    get database() {
      return database;
    },
    get owner() {
      return owner;
    },
    get checker() {
      return checker;
    },
    get lease() {
      return lease;
    },
    monitored,
    backup,
    fullBackup,
    withoutBackups,
    lastCheckHoursAgo,
    option,
    run,
    check,
    active,
    alertEvents,
    checkEvents,
    decidedEngines,
  };
}
