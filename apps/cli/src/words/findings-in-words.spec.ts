import type { Finding } from '@backup-awareness/overview/judgement';
import { findingsInWords } from './findings-in-words.js';
import { pluginLine } from './plugin-line.js';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 12);
const FQDN = 'engine.example.com';
const words = (...findings: Finding[]) => findingsInWords(findings, NOW).join('; ');

const alertOf = (fqdn: string, isDismissed = false): Finding => ({
  kind: 'alert_active',
  parameters: { fqdn, alert: 'ENGINE_NO_FULL_BACKUP', isDismissed },
  instants: { sinceAt: NOW - HOUR_MS },
});

test.each<[Finding, string]>([
  [
    { kind: 'all_fresh', parameters: { engines: 1, oldestAgeMs: HOUR_MS }, instants: {} },
    '1 engine has a fresh full backup, the oldest is 1 h old',
  ],
  [alertOf(FQDN), '1 alert: engine.example.com has no full backup since 2026-'],
  [alertOf(FQDN, true), '(dismissed)'],
  [{ kind: 'check_overdue', parameters: {}, instants: { nextCheckAt: NOW } }, 'has not been made'],
  [{ kind: 'disabled', parameters: {}, instants: {} }, 'the feature is disabled'],
  [{ kind: 'never_checked', parameters: {}, instants: {} }, 'no check has been made'],
  [
    { kind: 'setting_unreadable', parameters: { reason: 'bad' }, instants: {} },
    'a setting cannot be read: bad',
  ],
  [
    {
      kind: 'broker_unreachable',
      parameters: { host: 'b:1', error: 'no amqp://u:secret@b' },
      instants: {},
    },
    'cannot reach the broker at b:1: no amqp://u:…@b',
  ],
  [
    {
      kind: 'destination_failing',
      parameters: { destination: 'mail', error: 'no answer within 60 s' },
      instants: { failingSince: NOW },
    },
    ': no answer within 60 s',
  ],
  [
    {
      kind: 'backup_stuck',
      parameters: { fqdn: FQDN, runId: 'r', scopes: ['db', 'files'], isDismissed: true },
      instants: { sinceAt: NOW - 13.5 * HOUR_MS },
    },
    'a backup does not end: engine.example.com (db, files, for 13 h 30 min, dismissed)',
  ],
  [{ kind: 'dead_letters', parameters: { count: 3 }, instants: {} }, '3 dead letters'],
  [{ kind: 'unrouted', parameters: { count: 1 }, instants: {} }, '1 unrouted'],
  [
    { kind: 'queue_missing', parameters: { queue: 'q' }, instants: {} },
    'a queue is missing (backup-awareness topology verify)',
  ],
  [
    {
      kind: 'queue_filling',
      parameters: { queue: 'backup-awareness.audit.dead', percent: 80 },
      instants: {},
    },
    'backup-awareness.audit.dead is 80 % full',
  ],
  [
    {
      kind: 'database_restored',
      parameters: { copiedAt: NOW - 86_400_000 },
      instants: { restoredAt: NOW },
    },
    'the database was restored from a copy of 2026-',
  ],
  [{ kind: 'events_set_aside', parameters: { count: 1 }, instants: {} }, '1 event set aside'],
  [
    { kind: 'events_pending', parameters: { count: 1 }, instants: { oldestPendingAt: NOW } },
    'events have been pending in the outbox since 2026-',
  ],
  [
    {
      kind: 'topology_differs',
      parameters: {
        difference: {
          part: 'exchange',
          what: 'exchange x: type',
          expected: 'topic',
          got: 'direct',
          mend: 'apply',
        },
      },
      instants: {},
    },
    'exchange x: type: expected topic, got direct (apply)',
  ],
  [
    {
      kind: 'service_not_ready',
      parameters: {
        name: 'audit',
        unready: { kind: 'parts', parts: [{ part: 'database', reason: 'x' }] },
      },
      instants: {},
    },
    'audit is not ready: database: x',
  ],
  [
    {
      kind: 'alert_due',
      parameters: { fqdn: FQDN, verdict: 'too_old' },
      instants: { sinceAt: NOW - HOUR_MS },
    },
    'an alert is due at the next check: engine.example.com (too old for 1 h)',
  ],
  [{ kind: 'no_monitored_engine', parameters: {}, instants: {} }, 'no engine is monitored'],
  [
    { kind: 'clock_behind', parameters: {}, instants: { clockAt: NOW, latestAt: NOW } },
    'is more than 1 minute behind the latest decision',
  ],
  [
    { kind: 'success_in_future', parameters: { fqdn: FQDN }, instants: { successAt: NOW } },
    '1 unknown, with a success in the future: engine.example.com (backup-awareness clock accept',
  ],
])('%j', (finding, sentence) => {
  expect(words(finding)).toContain(sentence);
});

test('of many alerts the first are named and the rest are counted', () => {
  expect(words(...['a', 'b', 'c', 'd', 'e'].map((fqdn) => alertOf(fqdn)))).toMatch(
    /^5 alerts: a .*, b .*, c .* and 2 more$/,
  );
});

test('failed runs are grouped by engine', () => {
  const failed = (fqdn: string, scope: string): Finding => ({
    kind: 'latest_run_failed',
    parameters: { fqdn, scope },
    instants: { failedAt: NOW - HOUR_MS },
  });
  expect(words(failed('a', 'db'), failed('a', 'files'), failed('b', 'db'))).toContain(
    'the latest run failed: a (db, 1 h ago; files, 1 h ago), b (db, 1 h ago); backup-awareness explain',
  );
});

test('the line has the format of Nagios, whatever the data contains', () => {
  const unready = { kind: 'parts', parts: [{ part: '|', reason: '|: x' }] } as const;
  const reasons = findingsInWords(
    [{ kind: 'service_not_ready', parameters: { name: 'x|\n\x1b', unready }, instants: {} }],
    NOW,
  );
  const figures = [
    { name: 'oldest_full_backup', value: 3600, unit: 's' },
    { name: 'alerts', value: 0, criticalAbove: 0 },
  ] as const;
  const line = pluginLine({ state: 'WARNING', reasons, figures });
  expect(line).toMatch(/^BACKUP WARNING - [^|\n\x1b]* \| ([a-z_]+=\d+s?;\d*;\d*;0 ?)+$/);
  expect(line).toContain('x/\\n\\x1b is not ready: /');
  expect(line).toContain(' oldest_full_backup=3600s;;;0 alerts=0;;0;0');
});
