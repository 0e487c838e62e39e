import { receivedOf } from './stored.js';

const queue = (name: string, messages: number | null) => ({ name, messages, consumers: 1 });
const lag = (waiting: number | null) => ({
  ingest_waiting: waiting,
  audit_waiting: 0,
  proven_at: { decision: null, relay: null, audit: null, ingest: null },
});
const queues = ({
  ingest = 0,
  unrouted = 0,
  audit = 0,
}: Partial<Record<'ingest' | 'unrouted' | 'audit', number | null>>) => [
  queue('backup-awareness.ingest.dead', ingest),
  queue('ovirt.unrouted', unrouted),
  queue('backup-awareness.audit.dead', audit),
  queue('backup-awareness.incarnation', 22),
];

test('given nothing waits and no letter is dead, everything received is stored', () => {
  expect(receivedOf({ queues: queues({}), lag: lag(0) })).toEqual({
    waiting: 0,
    notStored: 0,
    deadLetters: 0,
  });
});

test('invalid reports and unrouted messages are not stored; a dead letter of the audit is one, but of no report', () => {
  expect(receivedOf({ queues: queues({ ingest: 2, unrouted: 3, audit: 4 }), lag: lag(1) })).toEqual(
    { waiting: 1, notStored: 5, deadLetters: 9 },
  );
});

test.each([
  ['the broker does not answer', { queues: null, lag: lag(0) }],
  ['what waits is not known', { queues: queues({}), lag: lag(null) }],
  ['nothing is known of what waits', { queues: queues({}), lag: null }],
  ['a queue of dead letters is missing', { queues: queues({ ingest: null }), lag: lag(0) }],
  ['a queue of dead letters is not told of', { queues: queues({}).slice(1), lag: lag(0) }],
])('given %s, it is not known whether everything is stored', (_case, system) => {
  expect(receivedOf(system)).toBeUndefined();
});
