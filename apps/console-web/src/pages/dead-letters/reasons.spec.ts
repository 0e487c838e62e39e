import { causeOf, groupByReason, kindOf, queryOf, type Kind } from './reasons.js';
import type { Queue } from './letters.js';

test.each<[Queue, string | null, Kind]>([
  ['ingest', 'not authorised', 'not_authorised'],
  ['ingest', 'unknown engine', 'unknown_engine'],
  ['audit', 'id reused', 'id_reused'],
  ['audit', 'nobody could handle the message: expected a, got b', 'unhandled'],
  ['ingest', 'data.done_at: expected an instant, got "yesterday"', 'invalid'],
  ['ingest', 'dead-lettered by the broker: expired', 'by_broker'],
  ['unrouted', null, 'unrouted'],
  ['webhook', 'status 500', 'undelivered'],
  ['ingest', null, 'unknown'],
  ['ingest', 'something new', 'unknown'],
])('a letter of %s because of %j is of the kind %s', (queue, reason, kind) => {
  expect(kindOf(queue, reason)).toBe(kind);
});

type Group = Parameters<typeof groupByReason>[0][number];
const groupOf = (reason: string | null, change: Partial<Group> = {}): Group => ({
  queue: 'ingest',
  reason,
  path: null,
  count: 1,
  oldest_at: null,
  ...change,
});
const invalid = (path: string, got: string): Group =>
  groupOf(`${path}: expected what is valid, got ${got}`, { path });

test('twelve letters of three causes are three groups, whatever value each letter has', () => {
  const groups = groupByReason([
    ...[1, 2, 3, 4, 5].map((n) => invalid('data.done_at', `"yesterday ${n}"`)),
    ...[7, 8, 9, 10].map((n) => invalid('data.status', String(n))),
    ...[1, 2, 3].map((n) =>
      groupOf(`unknown engine: expected a known one, got "engine${n}"`, { path: 'data.fqdn' }),
    ),
  ]);
  expect(groups.map(({ kind, path, reason, count }) => [kind, path, reason, count])).toEqual([
    ['invalid', 'data.done_at', null, 5],
    ['invalid', 'data.status', null, 4],
    ['unknown_engine', 'data.fqdn', null, 3],
  ]);
  expect(groups.map(queryOf)).toEqual([
    { path: 'data.done_at' },
    { path: 'data.status' },
    { path: 'data.fqdn' },
  ]);
});

test('what a destination answered each time does not part its letters', () => {
  const groups = groupByReason([
    groupOf('HTTP status 500', { queue: 'webhook' }),
    groupOf('no answer within 10 s', { queue: 'webhook' }),
    groupOf('HTTP status 500', { queue: 'ovirt' }),
  ]);
  expect(groups.map(({ kind, reason, count }) => [kind, reason, count])).toEqual([
    ['undelivered', null, 2],
    ['undelivered', 'HTTP status 500', 1],
  ]);
  expect(groups.map(queryOf)).toEqual([
    { queue: 'webhook' },
    { reason: 'HTTP status 500', queue: 'ovirt' },
  ]);
});

test('a reason that is not known is a group of its own', () => {
  expect(groupByReason([groupOf('something new'), groupOf('something else')])).toHaveLength(2);
});

test('a letter belongs to the group of its cause', () => {
  const one = invalid('data.status', '7');
  const [group] = groupByReason([one, invalid('data.status', '8')]);
  expect(causeOf(one)).toBe(group!.key);
  expect(causeOf(invalid('data.done_at', '7'))).not.toBe(group!.key);
});

test('one reason of two queues is one group, with the age of the oldest; the most come first', () => {
  const groups = groupByReason([
    groupOf('id reused', { count: 2, oldest_at: '2026-11-29T02:00:00Z' }),
    groupOf(null, { queue: 'unrouted', count: 3 }),
    groupOf('id reused', { queue: 'audit', count: 2, oldest_at: '2026-11-29T01:00:00Z' }),
  ]);
  expect(groups.map(({ kind, count, oldestAt }) => [kind, count, oldestAt])).toEqual([
    ['id_reused', 4, '2026-11-29T01:00:00Z'],
    ['unrouted', 3, null],
  ]);
  expect(groups.map(queryOf)).toEqual([{ reason: 'id reused' }, { queue: 'unrouted' }]);
});
