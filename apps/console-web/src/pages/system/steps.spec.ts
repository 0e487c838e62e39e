import type { System } from './answer.js';
import { readiness, wayIn, wayOut, type Step } from './steps.js';

const NOW = Date.parse('2026-11-29T11:00:00Z');
const WELL: System = {
  now: '2026-11-29T11:00:00.000Z',
  services: ['ingest', 'freshness-checker', 'audit'].map((name) => ({
    name,
    ready: true,
    reasons: [],
    version: '0.1.0',
  })),
  queues: [],
  lag: {
    ingest_waiting: 0,
    audit_waiting: 0,
    proven_at: { decision: null, relay: null, audit: null, ingest: null },
  },
  outbox: { waiting: 0, set_aside: 0, oldest_waiting_at: null, is_late: false },
  checker: {
    checks: 'in_time',
    leader: 'checker 1',
    leader_until: null,
    last_check: null,
    next_check_at: null,
  },
  notifier: { destinations: [], undelivered: 0 },
  versions: { console: '0.1.0', nodejs: '20', postgresql: '18.4', rabbitmq: '3.10.8' },
  unknown: [],
};
const NOTHING: System = {
  ...WELL,
  now: null,
  services: null,
  queues: null,
  lag: null,
  outbox: null,
  checker: null,
  notifier: null,
  unknown: [
    { part: 'services', reason: 'SERVICE_URLS is not set' },
    { part: 'queues', reason: 'no connection' },
    { part: 'database', reason: 'no answer' },
  ],
};

const all = (system: System): Step[] => [...wayIn(system, NOW), ...wayOut(system, NOW)];
const boxes = (system: System) => all(system).flatMap((step) => step.boxes);
const box = (system: System, name: string) => boxes(system).find((one) => one.name === name)!;

test('where all is well, every box that is looked after is good', () => {
  expect(new Set(boxes(WELL).map(({ state }) => state))).toEqual(new Set([undefined, 'good']));
});

test('where nothing is known, no box is good, and each says why', () => {
  const looked = boxes(NOTHING).filter(({ state }) => state !== undefined);
  expect(new Set(looked.map(({ state }) => state))).toEqual(new Set(['unknown']));
  expect(looked.every(({ notes }) => notes.length > 0)).toBe(true);
  expect(box(NOTHING, 'ingest').notes).toEqual(['SERVICE_URLS is not set']);
});

const WEBHOOK = {
  destination: 'webhook',
  seen_at: '2026-11-29T10:59:30Z',
  served: true,
  failing_since: null,
  error: null,
};
const toldBy = (change: object = {}): System => ({
  ...WELL,
  notifier: { destinations: [{ ...WEBHOOK, ...change }], undelivered: 0 },
});
const DEAD = {
  name: 'notifier',
  ready: false,
  reasons: [{ part: 'http', reason: 'no answer' }],
  version: null,
};
const lateOutbox = (waiting: number): System => ({
  ...WELL,
  outbox: { waiting, set_aside: 0, oldest_waiting_at: '2026-11-29T10:57:25Z', is_late: true },
});
const checkerOf = (change: object) => ({ ...WELL, checker: { ...WELL.checker!, ...change } });
test.each<[string, System, string, string | undefined]>([
  ['no leader', checkerOf({ leader: null }), 'freshness-checker', 'bad'],
  ['a check that is overdue', checkerOf({ checks: 'overdue' }), 'freshness-checker', 'bad'],
  ['the feature off', checkerOf({ checks: 'disabled' }), 'freshness-checker', 'warning'],
  ['no check yet', checkerOf({ checks: 'never_checked' }), 'freshness-checker', 'unknown'],
  ['events set aside', { ...WELL, outbox: { ...WELL.outbox!, set_aside: 1 } }, 'Outbox', 'warning'],
  ['events that wait for too long', lateOutbox(24), 'Outbox', 'bad'],
  [
    'a destination that fails',
    {
      ...WELL,
      notifier: {
        destinations: [{ ...WEBHOOK, failing_since: '2026-11-29T10:00:00Z', error: 'x' }],
        undelivered: 0,
      },
    },
    'notifier',
    'bad',
  ],
  ['a destination that no notifier serves', toldBy({ served: false }), 'notifier', 'bad'],
  ['a notifier that is not ready', { ...toldBy(), services: [DEAD] }, 'notifier', 'bad'],
  [
    'a notifier of which one replica is not ready',
    { ...toldBy(), services: [DEAD, { ...DEAD, ready: true, reasons: [] }] },
    'notifier',
    'warning',
  ],
  ['a notifier that is not asked, but serves all', toldBy(), 'notifier', 'good'],
  ['no destination', WELL, 'notifier', undefined],
])('with %s the box says so', (_, system, name, state) => {
  expect(box(system, name).state).toBe(state);
});

test('an arrow says what waits there and for how long', () => {
  const outbox = {
    waiting: 1_200,
    set_aside: 0,
    oldest_waiting_at: '2026-11-29T10:59:30Z',
    is_late: false,
  };
  const arrows = all({ ...WELL, outbox, lag: { ...WELL.lag!, ingest_waiting: 3 } }).map(
    ({ arrow }) => arrow,
  );
  expect(arrows).toContainEqual({ text: '3 waiting', isWaiting: true });
  expect(arrows).toContainEqual({ text: '1,200 pending, the oldest for 30 s', isWaiting: true });
});

test('of every arrow is told what waits there, or that it is not measured', () => {
  const proven_at = { ...WELL.lag!.proven_at, decision: '2026-11-29T10:59:57Z' };
  const texts = all({ ...WELL, lag: { ...WELL.lag!, proven_at } }).map(({ arrow }) => arrow?.text);
  expect(texts.filter((text) => text !== undefined)).toEqual([
    'reports: not measured',
    'reports: not measured',
    '0 waiting',
    'stored: not measured',
    'last decision 3 s ago',
    'decisions: not measured',
    '0 pending',
    '0 waiting',
  ]);
});

test('of several replicas the ready ones are counted, and each reason is said once', () => {
  const replica = (ready: boolean) => ({
    name: 'ingest',
    ready,
    reasons: ready ? [] : [{ part: 'broker', reason: 'not connected' }],
    version: null,
  });
  const services = [replica(true), replica(false), replica(false)];
  expect(readiness({ ...WELL, services }, 'ingest')).toEqual({
    state: 'warning',
    notes: ['1 of 3 replicas ready', 'broker: not connected'],
  });
});

test.each([
  ['ingest', 'ingest'],
  ['audit', 'audit'],
  ['Outbox', 'relay'],
] as const)('%s is not good when its stage no longer works', (name, stage) => {
  const proven = (at: string): System => ({
    ...WELL,
    lag: { ...WELL.lag!, proven_at: { ...WELL.lag!.proven_at, [stage]: at } },
  });
  expect(box(proven('2026-11-29T10:59:00Z'), name).state).toBe('good');
  expect(box(proven('2026-11-29T08:00:00Z'), name).state).toBe('bad');
});

test('the broker is not good without one of the queues', () => {
  const queues = [{ name: 'backup-awareness.ingest', messages: null, consumers: null }];
  expect(box({ ...WELL, queues }, 'Broker')).toMatchObject({
    state: 'bad',
    notes: ['backup-awareness.ingest is missing: backup-awareness doctor', 'RabbitMQ 3.10.8'],
  });
});

test('a notifier that is not ready is not good, also before it has a destination', () => {
  const notifier = { name: 'notifier', ready: false, reasons: [], version: null };
  const system: System = { ...WELL, services: [...WELL.services!, notifier] };
  expect(box(system, 'notifier').state).toBe('bad');
});
