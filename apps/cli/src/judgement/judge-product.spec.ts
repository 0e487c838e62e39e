import { judgeProduct, type ProductView } from './judge-product.js';
import { performanceFigures, pluginLine } from '../words/plugin-line.js';
import { exampleAlert, exampleEngine, exampleView, HOUR_MS, NOW } from '../spec/example-view.js';

const depths = { ingest: 0, audit: 0, ingestDead: 0, auditDead: 0, unrouted: 0 };
const withDepths = (some: Partial<Record<keyof typeof depths, number | null>>) =>
  exampleView({}, { broker: { isReachable: true, place: 'b', depths: { ...depths, ...some } } });
test('warns of a queue of dead letters that keeps 80 % of what it may', () => {
  const reasons = (auditDead: number) => judgeProduct(withDepths({ auditDead })).reasons.join();
  expect(reasons(79_999)).not.toContain('full');
  expect(reasons(80_000)).toContain('backup-awareness.audit.dead is 80 % full');
});

test('warns of what differs at the broker', () => {
  const view = { ...exampleView(), topology: ['exchange x: type: expected topic, got direct'] };
  expect(judgeProduct(view)).toMatchObject({ state: 'WARNING', reasons: view.topology });
});

const unreachable = { isReachable: false, place: 'b', reason: 'cannot reach the broker' } as const;
const stale = exampleEngine({ lastDbSuccessAt: NOW - 25 * HOUR_MS });
const settings = (checkPeriodHours: number | null) =>
  ({ ok: true, value: { checkPeriodHours, alertPeriodDays: 1 } }) as const;
const unreadable = {
  ok: false,
  invalid: { reason: 'BackupAlertPeriodInDays: bad', path: '', expected: '', got: '' },
} as const;

test.each<[string, ProductView, string, string]>([
  [
    'all is well',
    exampleView(),
    'OK',
    '1 engine has a fresh full backup, the oldest is 1 hour old',
  ],
  [
    'broker and services are not told of',
    exampleView({}, { broker: undefined, services: undefined }),
    'OK',
    '1 engine has a fresh full backup',
  ],
  [
    'an alert is active',
    exampleView({ activeAlerts: [exampleAlert()] }),
    'CRITICAL',
    '1 alert: engine.example.com has no full backup since ',
  ],
  [
    'the alert is dismissed',
    exampleView({ activeAlerts: [exampleAlert({ dismissedAt: NOW })] }),
    'CRITICAL',
    '(dismissed)',
  ],
  [
    'an alert is active and checks are overdue',
    exampleView({
      activeAlerts: [exampleAlert()],
      lastCheck: { at: NOW - 48 * HOUR_MS, engines: 1, raised: 0, cleared: 0 },
    }),
    'CRITICAL',
    'has not been made',
  ],
  [
    'the feature is disabled, whatever else there is',
    exampleView({ settings: settings(null), activeAlerts: [exampleAlert()] }),
    'UNKNOWN',
    'the feature is disabled',
  ],
  [
    'there never was a check',
    exampleView({ lastCheck: null }),
    'UNKNOWN',
    'no check has been made',
  ],
  [
    'a check is overdue',
    exampleView({ lastCheck: { at: NOW - 7 * HOUR_MS, engines: 1, raised: 0, cleared: 0 } }),
    'UNKNOWN',
    'has not been made',
  ],
  ['a setting cannot be read', exampleView({ settings: unreadable }), 'UNKNOWN', 'cannot be read'],
  ['the broker does not answer', exampleView({}, { broker: unreachable }), 'UNKNOWN', 'the broker'],
  [
    'there are dead letters',
    withDepths({ ingestDead: 2, auditDead: 1 }),
    'WARNING',
    '3 dead letters',
  ],
  ['something was not routed', withDepths({ unrouted: 1 }), 'WARNING', '1 unrouted'],
  ['a queue is missing', withDepths({ audit: null }), 'WARNING', 'a queue is missing'],
  [
    'an event was set aside',
    exampleView({ outbox: { waiting: 0, setAside: 1, oldestWaitingAt: null } }),
    'WARNING',
    '1 event set aside',
  ],
  [
    'events wait for minutes',
    exampleView({ outbox: { waiting: 1, setAside: 0, oldestWaitingAt: NOW - 120_000 } }),
    'WARNING',
    'wait to be published',
  ],
  [
    'an event waits for a moment',
    exampleView({ outbox: { waiting: 1, setAside: 0, oldestWaitingAt: NOW - 500 } }),
    'OK',
    'fresh',
  ],
  [
    'a service is not ready',
    exampleView(
      {},
      { services: [{ name: 'audit', url: '', isReady: false, reason: 'database: x' }] },
    ),
    'WARNING',
    'audit is not ready: database: x',
  ],
  [
    'an engine is too old, and no check has raised its alert yet',
    exampleView({ engines: [stale] }),
    'WARNING',
    'an alert is due at the next check: engine.example.com (too old for 1 hour)',
  ],
  [
    'no engine is watched',
    exampleView({ engines: [exampleEngine({ retiredAt: NOW })] }),
    'WARNING',
    'no engine is watched',
  ],
])('where %s', (_what, view, state, reason) => {
  const judgement = judgeProduct(view);
  expect(judgement.state).toBe(state);
  expect(judgement.reasons.join('; ')).toContain(reason);
});

describe('where the time is in doubt', () => {
  const time = {
    isKnown: false,
    reason: 'clock_behind',
    clockAt: NOW,
    latestAt: NOW + 36 * HOUR_MS,
  } as const;
  const ahead = exampleEngine({ fqdn: 'ahead.example.com', lastDbSuccessAt: NOW + HOUR_MS });

  test.each<[string, ProductView, string, string]>([
    [
      'the clock is behind, and nothing is known',
      exampleView({ time, engines: [exampleEngine({ freshness: undefined })] }),
      'UNKNOWN',
      'clock accept',
    ],
    [
      'the clock is behind, and an alert may be of the wrong clock',
      exampleView({ time, activeAlerts: [exampleAlert()] }),
      'UNKNOWN',
      'is behind the latest decision',
    ],
    [
      'a success lies in the future',
      exampleView({ engines: [exampleEngine(), ahead] }),
      'UNKNOWN',
      '1 unknown, with a success in the future: ahead.example.com',
    ],
    [
      'a success lies in the future, and another engine has an alert',
      exampleView({ engines: [exampleEngine(), ahead], activeAlerts: [exampleAlert()] }),
      'CRITICAL',
      'ahead.example.com',
    ],
    [
      'a success lies in the future, but the engine is retired',
      exampleView({ engines: [exampleEngine(), { ...ahead, retiredAt: NOW }] }),
      'OK',
      'fresh',
    ],
  ])('%s', (_what, view, state, reason) => {
    const judgement = judgeProduct(view);
    expect(judgement.state).toBe(state);
    expect(judgement.reasons.join('; ')).toContain(reason);
  });

  test('the figures count what is unknown', () => {
    const figure = (view: ProductView, wanted: string) =>
      performanceFigures(view).find(({ name }) => name === wanted)?.value;
    const view = exampleView({ engines: [exampleEngine(), ahead] });
    expect([figure(view, 'fresh'), figure(view, 'unknown')]).toEqual([1, 1]);
    const unknown = exampleView({ time, engines: [exampleEngine({ freshness: undefined })] });
    expect([figure(unknown, 'fresh'), figure(unknown, 'unknown')]).toEqual([0, 1]);
  });
});

test('of many alerts the first are named and the rest counted', () => {
  const activeAlerts = ['a', 'b', 'c', 'd', 'e'].map((fqdn) => exampleAlert({ fqdn }));
  const { reasons } = judgeProduct(exampleView({ activeAlerts }));
  expect(reasons[0]).toMatch(/^5 alerts: a .*, b .*, c .* and 2 more$/);
});

test('the line is in the format of Nagios, whatever the data holds', () => {
  const view = exampleView(
    {},
    { services: [{ name: 'x|\n\x1b', url: '', isReady: false, reason: '|' }] },
  );
  const line = pluginLine(judgeProduct(view), performanceFigures(view));
  expect(line).toMatch(/^BACKUP WARNING - [^|\n\x1b]* \| ([a-z_]+=\d+s?;\d*;\d*;0 ?)+$/);
  expect(line).toContain('x/\\n\\x1b is not ready: /');
  expect(line).toContain(' oldest_full_backup=3600s;;;0 last_check=3600s;;;0 ');
  expect(line).toContain(' alerts=0;;0;0 ');
});
