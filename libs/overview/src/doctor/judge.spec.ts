import { checkOf, failed, isHealthy, ok, skipped, warning } from './check.js';
import { judgeSpace } from './checks/disk-checks.js';
import { judgeLag } from './checks/flow-checks.js';
import { judgeReporting } from './checks/reporters-check.js';
import { judgeVersion } from './checks/service-checks.js';
import { judgeClock } from './checks/time-checks.js';
import { judgeValidity } from './checks/tls-checks.js';
import { fact } from './facts.js';

const MIB = 1024 * 1024;
const DAY_MS = 86_400_000;

describe('a check', () => {
  const fine = ok(fact('no_alarms', {}));
  const unseen = skipped(fact('users_unseen', {}));
  const bad = warning(fact('user_missing', { user: 'a' }), { kind: 'see_reason' });
  const worse = failed(fact('user_missing', { user: 'b' }), { kind: 'see_reason' });

  test.each([
    ['fine things', [fine, fine], 'ok', [fine, fine]],
    ['something that it could not see', [fine, unseen], 'skipped', [unseen, fine]],
    ['something to warn of', [fine, unseen, bad], 'warning', [bad, unseen]],
    ['a failure', [bad, fine, worse], 'failed', [worse, bad]],
    ['nothing', [], 'skipped', []],
  ] as const)('of %j has the state of the worst, which comes first', (_, all, state, shown) => {
    expect(checkOf('users', all)).toEqual({ name: 'users', state, observations: shown });
  });

  test('that has failed is all that makes an installation unhealthy', () => {
    const checks = [[fine], [unseen], [bad]].map((all) => checkOf('users', all));
    expect(isHealthy(checks)).toBe(true);
    expect(isHealthy([...checks, checkOf('users', [worse])])).toBe(false);
  });
});

test.each([
  ['within a second', 999, 0, 'ok'],
  ['of six seconds, four of which the answer may have taken', 6_000, 4_000, 'ok'],
  ['of six seconds', 6_000, 10, 'warning'],
  ['of a minute, behind', -60_011, 10, 'failed'],
])('a difference of clocks %s', (_, differenceMs, uncertaintyMs, state) => {
  expect(judgeClock({ differenceMs, uncertaintyMs }).state).toBe(state);
});

test.each([
  ['29 days and 23 hours', 29 * DAY_MS + 23 * 3_600_000, 'warning'],
  ['30 days', 30 * DAY_MS, 'ok'],
  ['7 days', 7 * DAY_MS, 'warning'],
  ['less than 7 days', 7 * DAY_MS - 1, 'failed'],
  ['no time', -1, 'failed'],
])('a certificate that is valid for %s', (_, leftMs, state) => {
  const now = Date.parse('2026-11-23T03:00:00Z');
  const validity = { validFromAt: now - 1, expiresAt: now + leftMs };
  expect(judgeValidity('x', validity, now).state).toBe(state);
});

test('a certificate that is not valid yet is a failure', () => {
  const { state, fact } = judgeValidity('x', { validFromAt: 2, expiresAt: 100 * DAY_MS }, 1);
  expect([state, fact.kind]).toEqual(['failed', 'certificate_not_yet_valid']);
});

test.each([
  ['a gibibyte', 1024 * MIB, 0, 'ok'],
  ['less than that', 1024 * MIB - 1, 0, 'warning'],
  ['next to nothing', 100 * MIB, 0, 'failed'],
  ['little above the limit of an alarm', 2_100 * MIB, 2_000 * MIB, 'failed'],
])('free space of %s', (_, freeBytes, limitBytes, state) => {
  expect(judgeSpace('x', null, freeBytes, limitBytes).state).toBe(state);
});

test.each([
  ['PostgreSQL', '14.9 (Debian)', 'failed'],
  ['PostgreSQL', '15.0', undefined],
  ['PostgreSQL', '18.4', undefined],
  ['PostgreSQL', '19beta1', 'warning'],
  ['RabbitMQ', '3.9.29', 'failed'],
  ['RabbitMQ', '3.10.8', undefined],
  ['RabbitMQ', '4.2.1', undefined],
  ['RabbitMQ', '5.0.0', 'warning'],
  ['Node.js', '18.20.0', 'failed'],
  ['Node.js', '26.0.0', undefined],
] as const)('%s %s', (product, version, state) => {
  expect(judgeVersion(product, version)[0]?.state).toBe(state);
});

test('a queue that is consumed, and yet has many messages, is behind', () => {
  const of = (messages: number, consumers: number) => ({ messages, consumers });
  const queues = {
    'backup-awareness.ingest': of(10_001, 1),
    'backup-awareness.audit': of(10_000, 2),
    'backup-awareness.settings': null,
    'backup-awareness.active-alerts': of(0, 1),
  };
  expect(judgeLag({ queues }).map(({ state, fact: { kind } }) => [state, kind])).toEqual([
    ['warning', 'queue_behind'],
    ['failed', 'queue_missing'],
    ['ok', 'queues_consumed'],
  ]);
});

describe('an engine', () => {
  const reporting = {
    fqdn: 'e',
    brokerUser: 'host-1',
    hasReported: true,
    latestBy: 'host-1',
    reportedBy: ['host-1'],
    aheadMs: 0,
    delayMs: 900,
  };

  test.each([
    ['that reports as its user', {}, undefined, []],
    ['whose user exists', {}, ['host-1'], []],
    ['whose user is gone', {}, ['other'], ['reporter_missing']],
    [
      'whose latest report came from another user',
      { latestBy: 'other', reportedBy: ['other', 'host-1'] },
      undefined,
      ['reporter_differs'],
    ],
    [
      'that has a user, and was reported about by others before',
      { reportedBy: ['host-1', 'other'] },
      undefined,
      [],
    ],
    ['without a user, which one reports about', { brokerUser: null }, [], []],
    [
      'without a user, which two report about',
      { brokerUser: null, reportedBy: ['b', 'a'] },
      [],
      ['engine_claimed'],
    ],
    ['whose clock is a minute ahead', { aheadMs: 60_000 }, undefined, []],
    ['whose clock is more than that ahead', { aheadMs: 60_001 }, undefined, ['host_clock_ahead']],
    ['whose reports take five minutes', { delayMs: 300_000 }, undefined, []],
    ['whose reports take longer', { delayMs: 300_001 }, undefined, ['host_clock_behind']],
    [
      'that has not reported lately',
      { aheadMs: null, delayMs: null, latestBy: null, reportedBy: [] },
      undefined,
      [],
    ],
    [
      'that never reported',
      { hasReported: false, aheadMs: null, delayMs: null, latestBy: null, reportedBy: [] },
      undefined,
      ['never_reported'],
    ],
  ])('%s', (_, changes, users, kinds) => {
    const found = judgeReporting({ ...reporting, ...changes }, users);
    expect(found.map(({ fact: { kind } }) => kind)).toEqual(kinds);
  });
});
