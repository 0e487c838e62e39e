import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import type { Notification } from '../notifications/claim-notifications.js';
import { noteChanges } from '../notifications/note-changes.js';

export const NOW = Date.UTC(2026, 10, 23, 12);
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

interface Given {
  readonly fqdn?: string;
  readonly sequence?: number;
  readonly clearedAt?: number;
}

/** A database for the file, without alerts and notifications at the start of each test. Instants are milliseconds since 1970. */
export interface NotificationsWorld {
  readonly database: TestDatabase;
  /** As the role of the notifier. */
  readonly notifier: DataSource;
  /** Raises an alert two hours before `NOW`. @returns its id */
  raise(given?: Given): Promise<string>;
  clear(id: string, at: number): Promise<unknown>;
  dismissUntil(id: string, until: number): Promise<unknown>;
  /** Adds what a destination has to be told. */
  note(now: number, isReadByPeople?: boolean, destination?: string): Promise<void>;
  /** What was added for a destination, as `keys` has it. */
  noted(destination?: string): Promise<string[]>;
}

export function useNotifications(): NotificationsWorld {
  let database: TestDatabase;
  let notifier: DataSource;
  beforeAll(async () => {
    database = await createTestDatabase();
    notifier = await dataSourceFor(database.urls.notifier).initialize();
  });
  afterAll(async () => {
    await notifier?.destroy();
    await database?.drop();
  });
  beforeEach(() =>
    database.owner.query(
      'TRUNCATE alert, alert_dismissal, notification, notification_destination, unknown_spell',
    ),
  );
  return {
    get database() {
      return database;
    },
    get notifier() {
      return notifier;
    },
    async raise({ fqdn = 'engine-1', sequence = 1, clearedAt } = {}) {
      const id = randomUUID();
      await database.owner.query(
        `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message, cleared_at, cleared_sequence, reason)
         VALUES ($1, 'ENGINE_NO_FULL_BACKUP', $2, to_timestamp($4::float8), to_timestamp($4::float8), 1, $3::int, 'no backup',
           to_timestamp($5::float8), $3::int + 1, 'full_backup')`,
        [id, fqdn, sequence, NOW / 1000 - 7200, clearedAt === undefined ? null : clearedAt / 1000],
      );
      return id;
    },
    clear: (id, at) =>
      database.owner.query(
        `UPDATE alert SET cleared_at = to_timestamp($2::float8) WHERE alert_id = $1`,
        [id, at / 1000],
      ),
    dismissUntil: (id, until) =>
      database.owner.query(
        `INSERT INTO alert_dismissal (alert_id, dismissed_at, dismissed_by, dismissed_until)
         VALUES ($1, now(), 'jane', to_timestamp($2::float8))
         ON CONFLICT (alert_id) DO UPDATE SET dismissed_until = excluded.dismissed_until`,
        [id, until / 1000],
      ),
    note: (now, isReadByPeople = false, destination = 'webhook') =>
      noteChanges(notifier, { destination, now, isReadByPeople }),
    async noted(destination = 'webhook') {
      const rows: { subject_id: string; change: string }[] = await database.owner.query(
        'SELECT subject_id, change FROM notification WHERE destination = $1 ORDER BY stream, position',
        [destination],
      );
      return rows.map(({ subject_id, change }) => `${subject_id} ${change}`);
    },
  };
}

/** Which notifications these are, each as `<alert_id> raised` or `<alert_id> cleared`. */
export function keys(notifications: readonly Notification[]): string[] {
  return notifications.map(({ subjectId, change }) => `${subjectId} ${change}`);
}
