import { whoChanged } from './who-changed.js';

const row = (who: string, what: string, fqdn: string | null = null) => ({
  fqdn,
  custom_data: { who, what },
});

test('the newest row of this setting tells who changed it, never that of an engine', () => {
  const rows = [
    row('carol', 'BackupAlertPeriodInDays', 'a.example.com'),
    row('bob', 'BackupExcludeMode'),
    row('alice', 'BackupAlertPeriodInDays'),
    row('root', 'BackupAlertPeriodInDays'),
  ];
  expect(whoChanged(rows, 'BackupAlertPeriodInDays')).toBe('alice');
});

test('rows that say nothing of it tell nobody', () => {
  expect(whoChanged([{ fqdn: null, custom_data: null }], 'BackupExcludeMode')).toBeUndefined();
});
