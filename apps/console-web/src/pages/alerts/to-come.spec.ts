import type { Alert } from './alert.js';
import { alertsToCome } from './to-come.js';

const alert = (fqdn: string, name: string) => ({ fqdn, alert: name }) as Alert;

test('engines at risk without an alert about freshness are those whose alert is to come', () => {
  const active = [
    alert('a', 'ENGINE_NO_FULL_BACKUP'),
    alert('a', 'ENGINE_BACKUP_STUCK'),
    alert('b', 'ENGINE_BACKUP_STUCK'),
  ];
  expect(alertsToCome(5, active)).toBe(4);
  expect(alertsToCome(5, [])).toBe(5);
});

test('an alert that is not cleared yet does not hide others below none', () => {
  expect(alertsToCome(0, [alert('a', 'ENGINE_NO_WARM_BACKUP')])).toBe(0);
});
