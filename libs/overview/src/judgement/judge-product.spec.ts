import {
  exampleAlert,
  exampleEngine,
  exampleStuckAlert,
  exampleView,
  HOUR_MS,
  NOW,
} from '../spec/example-view.js';
import { figuresOf } from './figures.js';
import { judgeProduct, type ProductView } from './judge-product.js';

const depths = { ingest: 0, audit: 0, ingestDead: 0, auditDead: 0, unrouted: 0 };
const withDepths = (some: Partial<Record<keyof typeof depths, number | null>>) =>
  exampleView({}, { broker: { isReachable: true, depths: { ...depths, ...some } } });

const kindsOf = (view: ProductView) => judgeProduct(view).findings.map(({ kind }) => kind);

test('warns of a queue of dead letters that is 80 % full', () => {
  expect(kindsOf(withDepths({ auditDead: 79_999 }))).not.toContain('queue_filling');
  expect(judgeProduct(withDepths({ auditDead: 80_000 })).findings).toContainEqual({
    kind: 'queue_filling',
    parameters: { queue: 'backup-awareness.audit.dead', percent: 80 },
    instants: {},
  });
});

test('warns of differences at the broker, and of a comparison that failed', () => {
  const difference = {
    part: 'exchange',
    what: 'exchange x: type',
    expected: 'topic',
    got: 'direct',
    mend: 'y',
  } as const;
  const topology = { isKnown: true, differences: [difference], warnings: ['w'] } as const;
  expect(judgeProduct({ ...exampleView(), topology })).toMatchObject({
    state: 'WARNING',
    findings: [
      { kind: 'topology_differs', parameters: { difference } },
      { kind: 'topology_warning', parameters: { warning: 'w' } },
    ],
  });
  const unknown = { ...exampleView(), topology: { isKnown: false, error: 'refused' } } as const;
  expect(judgeProduct(unknown)).toMatchObject({
    state: 'WARNING',
    findings: [{ kind: 'topology_unknown', parameters: { error: 'refused' } }],
  });
});

const unreachable = { isReachable: false, host: 'b:5672', error: 'refused' } as const;
const stale = exampleEngine({ lastDbSuccessAt: NOW - 25 * HOUR_MS });
const settings = (checkPeriodHours: number | null) =>
  ({ ok: true, value: { checkPeriodHours, alertPeriodDays: 1, stuckAfterHours: 12 } }) as const;
const unreadable = {
  ok: false,
  invalid: { reason: 'BackupAlertPeriodInDays: bad', path: '', expected: '', got: '' },
} as const;

const failing = { destination: 'mail', seenAt: NOW - 60_000, error: 'no answer within 60 s' };
const served = { destination: 'mail', failingSince: null, error: '' };

test.each<[string, ProductView, string, string]>([
  ['all is well', exampleView(), 'OK', 'all_fresh'],
  [
    'broker and services are not configured',
    exampleView({}, { broker: undefined, services: undefined }),
    'OK',
    'all_fresh',
  ],
  [
    'an alert is active',
    exampleView({ activeAlerts: [exampleAlert()] }),
    'CRITICAL',
    'alert_active',
  ],
  [
    'the alert is dismissed',
    exampleView({ activeAlerts: [exampleAlert({ dismissedAt: NOW })] }),
    'CRITICAL',
    'alert_active',
  ],
  [
    'an alert is active and checks are overdue',
    exampleView({
      activeAlerts: [exampleAlert()],
      lastCheck: { at: NOW - 48 * HOUR_MS, engines: 1, raised: 0, cleared: 0 },
    }),
    'CRITICAL',
    'check_overdue',
  ],
  [
    'a run does not end, though the full backup is fresh',
    exampleView({ activeAlerts: [exampleStuckAlert()] }),
    'WARNING',
    'backup_stuck',
  ],
  [
    'a run does not end, and an alert about freshness is active',
    exampleView({ activeAlerts: [exampleStuckAlert(), exampleAlert()] }),
    'CRITICAL',
    'backup_stuck',
  ],
  [
    'an alert about freshness is due while one about a run is active',
    exampleView({
      engines: [exampleEngine({ lastDbSuccessAt: null, activeAlerts: [exampleStuckAlert()] })],
    }),
    'WARNING',
    'alert_due',
  ],
  [
    'the feature is disabled, whatever else there is',
    exampleView({ settings: settings(null), activeAlerts: [exampleAlert()] }),
    'UNKNOWN',
    'disabled',
  ],
  [
    'the feature is disabled: no alert is due at a check that will not come',
    exampleView({ settings: settings(null), engines: [exampleEngine({ lastDbSuccessAt: null })] }),
    'UNKNOWN',
    'disabled',
  ],
  ['no check was made yet', exampleView({ lastCheck: null }), 'UNKNOWN', 'never_checked'],
  [
    'a check is overdue',
    exampleView({ lastCheck: { at: NOW - 7 * HOUR_MS, engines: 1, raised: 0, cleared: 0 } }),
    'UNKNOWN',
    'check_overdue',
  ],
  [
    'a setting cannot be read',
    exampleView({ settings: unreadable }),
    'UNKNOWN',
    'setting_unreadable',
  ],
  [
    'the broker does not answer',
    exampleView({}, { broker: unreachable }),
    'UNKNOWN',
    'broker_unreachable',
  ],
  [
    'there are dead letters',
    withDepths({ ingestDead: 2, auditDead: 1 }),
    'WARNING',
    'dead_letters',
  ],
  [
    'a webhook did not accept an event for three days',
    exampleView({ undelivered: 1 }, { broker: undefined }),
    'WARNING',
    'dead_letters',
  ],
  ['a message is unrouted', withDepths({ unrouted: 1 }), 'WARNING', 'unrouted'],
  ['a queue is missing', withDepths({ audit: null }), 'WARNING', 'queue_missing'],
  [
    'the database was restored six days ago',
    exampleView({ restored: { at: NOW - 6 * 86_400_000, copiedAt: NOW - 7 * 86_400_000 } }),
    'WARNING',
    'database_restored',
  ],
  [
    'the database was restored eight days ago',
    exampleView({ restored: { at: NOW - 8 * 86_400_000, copiedAt: null } }),
    'OK',
    'all_fresh',
  ],
  [
    'an event was set aside',
    exampleView({ outbox: { waiting: 0, setAside: 1, oldestWaitingAt: null } }),
    'WARNING',
    'events_set_aside',
  ],
  [
    'events have been pending for minutes',
    exampleView({ outbox: { waiting: 1, setAside: 0, oldestWaitingAt: NOW - 120_000 } }),
    'WARNING',
    'events_pending',
  ],
  [
    'an event is pending for a moment',
    exampleView({ outbox: { waiting: 1, setAside: 0, oldestWaitingAt: NOW - 500 } }),
    'OK',
    'all_fresh',
  ],
  [
    'a destination of notifications has failed for five minutes',
    exampleView({ destinations: [{ ...failing, failingSince: NOW - 300_000 }] }),
    'WARNING',
    'destination_failing',
  ],
  [
    'a destination of notifications has failed for a shorter time',
    exampleView({ destinations: [{ ...failing, failingSince: NOW - 299_999 }] }),
    'OK',
    'all_fresh',
  ],
  [
    'no notifier has served a destination for more than five minutes',
    exampleView({ destinations: [{ ...served, seenAt: NOW - 300_001 }] }),
    'WARNING',
    'destination_unserved',
  ],
  [
    'a destination that failed is no longer served: that it is not served is all that is known',
    exampleView({
      destinations: [{ ...failing, seenAt: NOW - 3_600_000, failingSince: NOW - 7_200_000 }],
    }),
    'WARNING',
    'destination_unserved',
  ],
  [
    'a destination was last served at an instant ahead of the clock, which was put back',
    exampleView({ destinations: [{ ...served, seenAt: NOW + 3_600_000 }] }),
    'WARNING',
    'destination_unserved',
  ],
  [
    'a notifier has served a destination within five minutes',
    exampleView({ destinations: [{ ...served, seenAt: NOW - 300_000 }] }),
    'OK',
    'all_fresh',
  ],
  [
    'a service is not ready',
    exampleView(
      {},
      { services: [{ name: 'audit', url: '', unready: { kind: 'status', status: 503 } }] },
    ),
    'WARNING',
    'service_not_ready',
  ],
  [
    'a backup is too old, and no check has raised the alert yet',
    exampleView({ engines: [stale] }),
    'WARNING',
    'alert_due',
  ],
  [
    'no engine is monitored',
    exampleView({ engines: [exampleEngine({ retiredAt: NOW })] }),
    'WARNING',
    'no_monitored_engine',
  ],
])('when %s', (_what, view, state, kind) => {
  expect(judgeProduct(view).state).toBe(state);
  expect(kindsOf(view)).toContain(kind);
});

describe('when', () => {
  const time = {
    isKnown: false,
    reason: 'clock_behind',
    clockAt: NOW,
    latestAt: NOW + 36 * HOUR_MS,
  } as const;
  const ahead = exampleEngine({ fqdn: 'ahead.example.com', lastDbSuccessAt: NOW + HOUR_MS });

  test.each<[string, ProductView, string, string]>([
    [
      'the clock is behind, and the verdict is unknown',
      exampleView({ time, engines: [exampleEngine({ freshness: undefined })] }),
      'UNKNOWN',
      'clock_behind',
    ],
    [
      'the clock is behind, and an alert may be due to the wrong clock',
      exampleView({ time, activeAlerts: [exampleAlert()] }),
      'UNKNOWN',
      'clock_behind',
    ],
    [
      'a success lies in the future',
      exampleView({ engines: [exampleEngine(), ahead] }),
      'UNKNOWN',
      'success_in_future',
    ],
    [
      'a success lies in the future, and another engine has an alert',
      exampleView({ engines: [exampleEngine(), ahead], activeAlerts: [exampleAlert()] }),
      'CRITICAL',
      'success_in_future',
    ],
    [
      'a success lies in the future, but the engine is retired',
      exampleView({ engines: [exampleEngine(), { ...ahead, retiredAt: NOW }] }),
      'OK',
      'all_fresh',
    ],
  ])('%s', (_what, view, state, kind) => {
    expect(judgeProduct(view).state).toBe(state);
    expect(kindsOf(view)).toContain(kind);
  });

  test('the time is in doubt, the figures count the engine as unknown', () => {
    const figure = (view: ProductView, wanted: string) =>
      figuresOf(view).find(({ name }) => name === wanted)?.value;
    const view = exampleView({ engines: [exampleEngine(), ahead] });
    expect([figure(view, 'fresh'), figure(view, 'unknown')]).toEqual([1, 1]);
    const unknown = exampleView({ time, engines: [exampleEngine({ freshness: undefined })] });
    expect([figure(unknown, 'fresh'), figure(unknown, 'unknown')]).toEqual([0, 1]);
  });
});

test('a finding is data: its engine and its instants, and no sentence', () => {
  const alert = exampleAlert({ dismissedAt: NOW });
  expect(judgeProduct(exampleView({ activeAlerts: [alert] })).findings).toEqual([
    {
      kind: 'alert_active',
      parameters: { fqdn: alert.fqdn, alert: alert.alert, isDismissed: true },
      instants: { sinceAt: alert.sinceAt },
    },
  ]);
  expect(judgeProduct(exampleView()).findings).toEqual([
    { kind: 'all_fresh', parameters: { engines: 1, oldestAgeMs: HOUR_MS }, instants: {} },
  ]);
});

test('names a run that does not end, and since when, and counts it separately', () => {
  const view = exampleView({
    activeAlerts: [exampleStuckAlert({ dismissedAt: NOW }), exampleAlert()],
  });
  expect(judgeProduct(view).findings).toContainEqual({
    kind: 'backup_stuck',
    parameters: {
      fqdn: 'engine.example.com',
      runId: 'run-1',
      scopes: ['db', 'files'],
      isDismissed: true,
    },
    instants: { sinceAt: NOW - 13 * HOUR_MS },
  });
  expect(figuresOf(view)).toEqual(
    expect.arrayContaining([
      { name: 'alerts', value: 1, criticalAbove: 0 },
      { name: 'stuck', value: 1, warnAbove: 0 },
    ]),
  );
});
