import { nearestName } from './nearest-name.js';

const KEYS = ['BackupCheckPeriodInHours', 'BackupAlertPeriodInDays', 'BackupExcludeMode'];

test.each([
  ['BackupCheckPeriodInHour', 'BackupCheckPeriodInHours'],
  ['backupalertperiodindays', 'BackupAlertPeriodInDays'],
  ['BackupMode', 'BackupExcludeMode'],
  ['', undefined],
  ['SomethingElseAltogether12345', undefined],
  ['x'.repeat(100_000), undefined],
])('for %.40j the nearest key is %s', (typed, name) => {
  expect(nearestName(typed, KEYS)).toBe(name);
});
