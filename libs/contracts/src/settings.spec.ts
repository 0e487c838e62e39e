import { readBackupSettings } from './backup-settings-requested.js';
import { EXCLUDED_TABLES, parseSetting, readFreshnessSettings, SETTINGS } from './settings.js';

describe('a setting', () => {
  it.each([
    ['BackupCheckPeriodInHours', '6'],
    ['BackupCheckPeriodInHours', '0.5'],
    ['BackupCheckPeriodInHours', '0.000278'],
    ['BackupCheckPeriodInHours', '8760'],
    ['BackupCheckPeriodInHours', '-1'],
    ['BackupAlertPeriodInDays', '0.0001'],
    ['BackupAlertPeriodInDays', '3650'],
    ['BackupExcludedTables', EXCLUDED_TABLES.join(',')],
    ['BackupExcludedTables', [...EXCLUDED_TABLES, 'audit_rows'].join(',')],
    ['BackupExcludedTables', 'audit_rows'],
    ['BackupExcludeMode', 'table'],
    ['BackupLogRetentionInDays', '1'],
    ['BackupLogRetentionInDays', '-1'],
    ['AuditLogRetentionInDays', '400.5'],
    ['AuditLogRetentionInDays', '36500'],
    ['AuditLogRetentionInDays', '-1'],
  ])('%s may be %s', (name, value) => {
    expect(parseSetting(name, value)).toEqual({ ok: true, value });
  });

  const numbers = [
    '0',
    '-2',
    '-1.0',
    'x',
    '1e999',
    '1e1',
    'NaN',
    'Infinity',
    '',
    ' 6',
    '6 ',
    '+6',
    '6.',
    '.5',
    '0x10',
    '1,5',
    '6\n',
  ];
  it.each([
    ...numbers.map((value) => ['BackupCheckPeriodInHours', value]),
    ...[...numbers, '-1'].map((value) => ['BackupAlertPeriodInDays', value]),
    ...numbers.map((value) => ['BackupLogRetentionInDays', value]),
    ...numbers.map((value) => ['AuditLogRetentionInDays', value]),
    ['BackupLogRetentionInDays', '0.9'],
    ['AuditLogRetentionInDays', '36500.1'],
    ['BackupCheckPeriodInHours', '0.0002'],
    ['BackupCheckPeriodInHours', '8760.1'],
    ['BackupAlertPeriodInDays', '3650.1'],
    ['BackupExcludedTables', ''],
    ['BackupExcludedTables', 'job'],
    ['BackupExcludedTables', EXCLUDED_TABLES.slice(1).join(',')],
    ['BackupExcludedTables', ['audit_rows', ...EXCLUDED_TABLES.slice(0, 8)].join(',')],
    ['BackupExcludedTables', 'job,'],
    ['BackupExcludedTables', 'job;drop table x'],
    ['BackupExcludedTables', '*'],
    ['BackupExcludeMode', 'rows'],
    ['BackupExcludeMode', ''],
  ])('%s may not be %j, and says what it may be', (name, value) => {
    expect(parseSetting(name!, value!)).toMatchObject({
      ok: false,
      invalid: { path: name, expected: SETTINGS[name as keyof typeof SETTINGS].expected },
    });
  });

  it('that is unknown is refused with the names of all settings', () => {
    const result = parseSetting('BackupCheckPeriod', '6');
    expect(result).toMatchObject({ ok: false, invalid: { path: 'key' } });
    expect(result.ok ? '' : result.invalid.expected).toContain('BackupCheckPeriodInHours');
  });

  it('that names tables is stored without spaces and duplicates', () => {
    expect(parseSetting('BackupExcludedTables', 'job_log, steps,job_log')).toEqual({
      ok: true,
      value: 'job_log,steps',
    });
  });
});

describe('stored settings', () => {
  it('are read as the checker uses them', () => {
    const stored = { BackupCheckPeriodInHours: '-1', BackupAlertPeriodInDays: '0.5' };
    expect(readFreshnessSettings(stored)).toEqual({
      ok: true,
      value: { checkPeriodHours: null, alertPeriodDays: 0.5 },
    });
  });

  it('that are invalid are refused, not guessed', () => {
    expect(readFreshnessSettings({ BackupCheckPeriodInHours: '6' }).ok).toBe(false);
    expect(
      readFreshnessSettings({ BackupCheckPeriodInHours: 'x', BackupAlertPeriodInDays: '1' }).ok,
    ).toBe(false);
  });

  it('are sent to engine hosts as the contract says', () => {
    const stored = { BackupExcludedTables: EXCLUDED_TABLES.join(','), BackupExcludeMode: 'data' };
    expect(readBackupSettings(stored)).toEqual({
      ok: true,
      value: { BackupExcludedTables: [...EXCLUDED_TABLES], BackupExcludeMode: 'data' },
    });
  });
});
