import { describe, refuse, accept, type Result } from './values/result.js';

/** The tables of tasks, jobs, commands and compensation; leaving out only some of them breaks foreign keys on restore. */
export const EXCLUDED_TABLES = [
  'async_tasks',
  'async_tasks_entities',
  'job',
  'job_subject_entity',
  'step',
  'step_subject_entity',
  'command_entities',
  'command_assoc_entities',
  'business_entity_snapshot',
] as const;

export interface Setting {
  readonly defaultValue: string;
  readonly description: string;
  /** Which values are valid, for a person. */
  readonly expected: string;
  /** The value as it is stored; undefined if it is invalid. */
  readonly read: (value: string) => string | undefined;
}

const HOURS_MAX = 8760;
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const ALERT_PERIOD_DAYS_MAX = 3650;

/** Plain digits with an optional fraction; no sign, exponent, space or separator. */
const PLAIN_DECIMAL = /^\d{1,10}(\.\d{1,12})?$/;

function readDecimal(value: string, isAllowed: (n: number) => boolean): string | undefined {
  return PLAIN_DECIMAL.test(value) && isAllowed(Number(value)) ? value : undefined;
}

export const DISABLED = '-1';

/** A number of hours, or -1, which disables something. */
function hours({
  disables,
  ...setting
}: Pick<Setting, 'defaultValue' | 'description'> & { readonly disables: string }): Setting {
  return {
    ...setting,
    expected: `a plain decimal number of hours, at least one second (0.000278), at most ${HOURS_MAX}, or -1 to disable ${disables}`,
    read: (value) =>
      value === DISABLED
        ? value
        : readDecimal(value, (n) => Math.round(n * HOUR_MS) >= SECOND_MS && n <= HOURS_MAX),
  };
}

const ALERT_PERIOD_EXPECTED = `a plain decimal number of days above 0, at most ${ALERT_PERIOD_DAYS_MAX}`;

/** An alert period in days as it is stored; undefined if it is invalid. */
function readAlertPeriodDays(value: string): string | undefined {
  return readDecimal(value, (days) => days > 0 && days <= ALERT_PERIOD_DAYS_MAX);
}

const RETENTION_DAYS_MIN = 1;
const RETENTION_DAYS_MAX = 36_500;
export const KEEP_ALL = '-1';

/** How long rows of a log are kept. At least a day: the row is what identifies a duplicate of its report or event. */
function retention(description: string): Setting {
  return {
    defaultValue: '400',
    description,
    expected: `a plain decimal number of days, at least ${RETENTION_DAYS_MIN}, at most ${RETENTION_DAYS_MAX}, or -1 to keep all`,
    read: (value) =>
      value === KEEP_ALL
        ? value
        : readDecimal(value, (days) => days >= RETENTION_DAYS_MIN && days <= RETENTION_DAYS_MAX),
  };
}

/** A table name that is valid in a setting and holds no pattern of pg_dump's options. */
export const TABLE_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

/**
 * Whether a list of tables holds all of the nine or none of them. A dump with only some of them cannot be restored: rows would refer
 * to missing rows.
 */
export function holdsAllOrNone(tables: readonly string[]): boolean {
  const missing = EXCLUDED_TABLES.filter((table) => !tables.includes(table));
  return missing.length === 0 || missing.length === EXCLUDED_TABLES.length;
}

export const ALL_OR_NONE = `all or none of ${EXCLUDED_TABLES.join(', ')}, since a backup without some of them cannot be restored`;

function readTableNames(value: string): string | undefined {
  const names = [...new Set(value.split(',').map((name) => name.trim()))];
  return names.every((name) => TABLE_NAME.test(name)) && holdsAllOrNone(names)
    ? names.join(',')
    : undefined;
}

/** The tables of a list that hosts leave out only if their own list names them, too; such a name may be misspelt. */
export function tablesOfNoDefault(value: string): string[] {
  const defaults: readonly string[] = EXCLUDED_TABLES;
  return value.split(',').filter((name) => !defaults.includes(name));
}

/** Whether `engine-backup --mode=restore` fails on archives made with this value: it needs more than the usual consent. */
export function isUnrestorable(name: string, value: string): boolean {
  return name === 'BackupExcludeMode' && value === 'table';
}

/** The database uses the same pattern (register_engines). */
const WHOLE_NUMBER = /^[0-9]{1,9}$/;

export const SETTINGS = {
  BackupCheckPeriodInHours: hours({
    defaultValue: '6',
    description: 'hours from one check of all engines to the next; -1 disables the feature',
    disables: 'the feature',
  }),
  BackupAlertPeriodInDays: {
    defaultValue: '1',
    description: 'the maximum age of the last full backup, in days',
    expected: ALERT_PERIOD_EXPECTED,
    read: readAlertPeriodDays,
  },
  BackupStuckAfterInHours: hours({
    defaultValue: '12',
    description:
      'the maximum duration of a backup, in hours; a run that has not ended after that time raises ENGINE_BACKUP_STUCK; -1 disables that alert',
    disables: 'that alert',
  }),
  BackupExcludedTables: {
    defaultValue: EXCLUDED_TABLES.join(','),
    description: "tables that engine hosts leave out of a dump of the engine's database",
    expected: `names of tables (lower-case letters, digits and _), separated by commas; ${ALL_OR_NONE}`,
    read: readTableNames,
  },
  BackupExcludeMode: {
    defaultValue: 'data',
    description:
      'data leaves out the rows of those tables (--exclude-table-data), table the tables themselves (-T), which makes archives that engine-backup cannot restore',
    expected: 'data or table',
    read: (value) => (value === 'data' || value === 'table' ? value : undefined),
  },
  EngineRegistrationMax: {
    defaultValue: '1000',
    description:
      'monitored engines that reports may have registered by themselves; beyond it a report about an unknown engine is a dead letter',
    expected: 'a whole number from 0',
    read: (value) => (WHOLE_NUMBER.test(value) ? value : undefined),
  },
  BackupLogRetentionInDays: retention(
    "days that a report is kept in engine_backup_log; each scope's last success of an engine stays",
  ),
  AuditLogRetentionInDays: retention(
    'days that an event is kept in audit_log and an alert after it was cleared; an active alert stays',
  ),
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof SETTINGS;
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

export function isSettingName(name: string): name is SettingName {
  return Object.hasOwn(SETTINGS, name);
}

/** Validates a value for a setting and returns it as it is stored. */
export function parseSetting(name: string, value: string): Result<string> {
  if (!isSettingName(name))
    return refuse('key', `one of ${SETTING_NAMES.join(', ')}`, describe(name));
  const setting: Setting = SETTINGS[name];
  const kept = setting.read(value);
  return kept === undefined ? refuse(name, setting.expected, describe(value)) : accept(kept);
}

/** The settings that decisions about alerts use. */
export interface FreshnessSettings {
  /** Null if the feature is disabled. */
  readonly checkPeriodHours: number | null;
  readonly alertPeriodDays: number;
  /** Null: alerts about runs that do not end are disabled. */
  readonly stuckAfterHours: number | null;
}

/**
 * Reads the checker's settings from the stored ones.
 *
 * An invalid stored value is refused and not replaced by its default: no decision may rest on a guess.
 */
export function readFreshnessSettings(
  stored: Readonly<Record<string, string>>,
): Result<FreshnessSettings> {
  const check = parseSetting('BackupCheckPeriodInHours', stored.BackupCheckPeriodInHours ?? '');
  if (!check.ok) return check;
  const alert = parseSetting('BackupAlertPeriodInDays', stored.BackupAlertPeriodInDays ?? '');
  if (!alert.ok) return alert;
  const stuck = parseSetting('BackupStuckAfterInHours', stored.BackupStuckAfterInHours ?? '');
  if (!stuck.ok) return stuck;
  return accept({
    checkPeriodHours: hoursOrNull(check.value),
    alertPeriodDays: Number(alert.value),
    stuckAfterHours: hoursOrNull(stuck.value),
  });
}

function hoursOrNull(value: string): number | null {
  return value === DISABLED ? null : Number(value);
}
