import { groupByReason, kindOf, queryOf, type Kind } from './reasons.js';
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

test('one reason of two queues is one group, with the age of the oldest; the most come first', () => {
  const groups = groupByReason([
    { queue: 'ingest', reason: 'id reused', count: 2, oldest_at: '2026-11-29T02:00:00Z' },
    { queue: 'unrouted', reason: null, count: 3, oldest_at: null },
    { queue: 'audit', reason: 'id reused', count: 2, oldest_at: '2026-11-29T01:00:00Z' },
  ]);
  expect(groups.map(({ kind, count, oldestAt }) => [kind, count, oldestAt])).toEqual([
    ['id_reused', 4, '2026-11-29T01:00:00Z'],
    ['unrouted', 3, null],
  ]);
  expect(groups.map(queryOf)).toEqual([{ reason: 'id reused' }, { queue: 'unrouted' }]);
});
