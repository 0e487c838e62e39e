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
  /** The latest change of these settings that the audit log does not have yet, which makes the time before it unknown; null: it has all. */
  readonly unrecordedChange: UnrecordedChange | null;
  /** Reports received before this may have been removed; null: none was. */
  readonly reportsRemovedBefore: number | null;
}

/** Its event waits in the outbox or at the broker, because the checker or audit does not run. Or it was made by hand, and has none. */
export interface UnrecordedChange {
  readonly setting: SettingName;
  readonly at: number;
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
  const known = <T>(name: SettingName, read: (value: string) => T): KnownSetting<T> =>
    knownSetting(name, read, options, events, now);
  const checkPeriodMs = known('BackupCheckPeriodInHours', (value) =>
    value === DISABLED ? null : hoursToMs(Number(value)),
  );
  const alertPeriodDays = known('BackupAlertPeriodInDays', Number);
  const auditDays = known('AuditLogRetentionInDays', daysOrAll);
  const reportDays = known('BackupLogRetentionInDays', daysOrAll);
  const all = [checkPeriodMs, alertPeriodDays, auditDays, reportDays];
  const auditRemovedBefore = removedBefore(auditDays.timeline, now);
  return {
    now,
    time,
    lastCheckAt: row.last_check_at,
    settings: { checkPeriodMs: checkPeriodMs.timeline, alertPeriodDays: alertPeriodDays.timeline },
    knownSinceAt: all.map(({ knownSinceAt }) => knownSinceAt).reduce(later, auditRemovedBefore),
    unrecordedChange: latestOf(
      all
        .flatMap(({ unrecordedChange }) => unrecordedChange ?? [])
        // What is older may have been recorded, and removed since.
        .filter(({ at }) => auditRemovedBefore === null || at >= auditRemovedBefore),
    ),
    reportsRemovedBefore: removedBefore(reportDays.timeline, now),
  };
}

function latestOf(changes: readonly UnrecordedChange[]): UnrecordedChange | null {
  return changes.toSorted((a, b) => b.at - a.at)[0] ?? null;
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

interface KnownSetting<T> extends KnownTimeline<T> {
  readonly unrecordedChange: UnrecordedChange | null;
}

function knownSetting<T>(
  name: SettingName,
  read: (value: string) => T,
  options: readonly Option[],
  events: readonly AuditedEvent[],
  now: number,
): KnownSetting<T> {
  const option = options.find((one) => one.name === name);
  const current = parseSetting(name, option?.value ?? '');
  if (!current.ok) throw new Error(current.invalid.reason);
  const changes = events
    .filter((event) => event.name === 'SettingChanged' && event.what === name)
    .map(({ at, from, to }) => ({ at, from: from ?? '', to: to ?? '' }));
  const changedAt = option?.changedAt ?? null;
  const isRecorded = changedAt === null || changedAt <= (changes.at(-1)?.at ?? -Infinity);
  const known = knownValidTimeline(
    { value: current.value, changedAt },
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
    unrecordedChange: isRecorded ? null : { setting: name, at: changedAt },
    knownSinceAt: known.knownSinceAt,
    timeline: {
      first: readChecked(first),
      changes: linked.map(({ at, to }) => ({ at, to: readChecked(to) })),
    },
  };
}
