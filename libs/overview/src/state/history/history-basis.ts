import {
  DISABLED,
  KEEP_ALL,
  parseSetting,
  type SettingName,
} from '@backup-awareness/contracts/plain';
import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import {
  decidingTime,
  hoursToMs,
  removedBefore,
  type DecidingTime,
  type SettingsHistory,
} from '@backup-awareness/freshness';
import { readAuditedEvents, type AuditedEvent } from './audited-changes.js';
import { later, knownValidTimeline, type KnownTimeline } from './known-timeline.js';

/** What every engine's history has in common. Instants are whole milliseconds since 1970, by the database's clock. */
export interface HistoryBasis {
  readonly now: number;
  readonly time: DecidingTime;
  readonly lastCheckAt: number | null;
  readonly settings: SettingsHistory;
  /** Since when settings and monitoring are known: the audit log may no longer have older changes. Null: from the beginning. */
  readonly knownSinceAt: number | null;
  /** Reports received before this may have been removed; null: none was. */
  readonly reportsRemovedBefore: number | null;
}

/**
 * Reads the history of the settings.
 *
 * @throws an error that names a setting whose present value cannot be read
 */
export async function readHistoryBasis(sql: SqlRunner): Promise<HistoryBasis> {
  const [row]: [Columns | undefined] = await sql.query(
    `SELECT ${msOf('statement_timestamp()')} AS clock_at, ${msOf('greatest(latest_now_at, last_check_at)')} AS latest_at,
       ${msOf('last_check_at')} AS last_check_at FROM checker_state`,
  );
  if (!row) throw new Error('checker_state has no row, which the schema inserts: it was removed');
  const time = decidingTime(row.clock_at, row.latest_at);
  const now = time.isKnown ? time.now : time.clockAt;
  const options: Option[] = await sql.query(
    `SELECT option_name AS name, option_value AS value, ${msOf('changed_at')} AS "changedAt"
     FROM vdc_options WHERE version = 'general'`,
  );
  const events = await readAuditedEvents(sql);
  const known = <T>(name: SettingName, read: (value: string) => T): KnownTimeline<T> =>
    knownSetting(name, read, options, events, now);
  const checkPeriodMs = known('BackupCheckPeriodInHours', (value) =>
    value === DISABLED ? null : hoursToMs(Number(value)),
  );
  const alertPeriodDays = known('BackupAlertPeriodInDays', Number);
  const auditDays = known('AuditLogRetentionInDays', daysOrAll);
  const reportDays = known('BackupLogRetentionInDays', daysOrAll);
  return {
    now,
    time,
    lastCheckAt: row.last_check_at,
    settings: { checkPeriodMs: checkPeriodMs.timeline, alertPeriodDays: alertPeriodDays.timeline },
    knownSinceAt: [checkPeriodMs, alertPeriodDays, auditDays, reportDays]
      .map(({ knownSinceAt }) => knownSinceAt)
      .reduce(later, removedBefore(auditDays.timeline, now)),
    reportsRemovedBefore: removedBefore(reportDays.timeline, now),
  };
}

interface Columns {
  clock_at: number;
  latest_at: number | null;
  last_check_at: number | null;
}

interface Option {
  readonly name: string;
  readonly value: string;
  readonly changedAt: number | null;
}

function daysOrAll(value: string): number | null {
  return value === KEEP_ALL ? null : Number(value);
}

function knownSetting<T>(
  name: SettingName,
  read: (value: string) => T,
  options: readonly Option[],
  events: readonly AuditedEvent[],
  now: number,
): KnownTimeline<T> {
  const option = options.find((one) => one.name === name);
  const current = parseSetting(name, option?.value ?? '');
  if (!current.ok) throw new Error(current.invalid.reason);
  const changes = events
    .filter((event) => event.name === 'SettingChanged' && event.what === name)
    .map(({ at, from, to }) => ({ at, from: from ?? '', to: to ?? '' }));
  const known = knownValidTimeline(
    { value: current.value, changedAt: option?.changedAt ?? null },
    changes,
    now,
    (value) => parseSetting(name, value).ok,
  );
  const { first, changes: linked } = known.timeline;
  const readChecked = (value: string): T => {
    const parsed = parseSetting(name, value);
    if (!parsed.ok) throw new Error(`the audit log: ${parsed.invalid.reason}`);
    return read(parsed.value);
  };
  return {
    knownSinceAt: known.knownSinceAt,
    timeline: {
      first: readChecked(first),
      changes: linked.map(({ at, to }) => ({ at, to: readChecked(to) })),
    },
  };
}
