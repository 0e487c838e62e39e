import { groupsOf, valueInWords, type Setting } from './setting.js';

test('settings are grouped in the order of what matters; unknown ones come last', () => {
  const settings = ['AuditLogRetentionInDays', 'NewOne', 'BackupAlertPeriodInDays'].map(
    (name) => ({ name }) as Setting,
  );
  const groups = groupsOf(settings).map(({ group, settings: of }) => [group, of[0]!.name]);
  expect(groups).toEqual([
    ['checks', 'BackupAlertPeriodInDays'],
    ['logs', 'AuditLogRetentionInDays'],
    ['other', 'NewOne'],
  ]);
});

test.each([
  ['BackupAlertPeriodInDays', '1', '1 day'],
  ['BackupCheckPeriodInHours', '0.5', '0.5 hours'],
  ['BackupCheckPeriodInHours', '-1', '-1 (off)'],
  ['AuditLogRetentionInDays', '-1', '-1 (all are kept)'],
  ['BackupExcludedTables', 'job,step', 'job, step'],
])('%s=%s is shown as %s', (name, value, shown) => {
  expect(valueInWords(name, value)).toBe(shown);
});
