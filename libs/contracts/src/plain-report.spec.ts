import fc from 'fast-check';
import { readReport } from './engine-backup-report.js';
import { readEnvelope } from './envelope.js';
import { readPlainReport } from './plain-report.js';
import type { ReceivedMessage } from './received-message.js';

const ODD_TEXTS = [
  '',
  'db',
  'DB',
  'x\u0000y',
  'lone \ud800 surrogate',
  'é'.repeat(255),
  '🎈'.repeat(255),
  '🎈'.repeat(256),
  'a'.repeat(256),
  'Engine.Example.com',
  'engine.example.com.',
  'other.example.com',
  '/ovirt/engines/other.example.com',
  '2026-02-29T00:00:00Z',
  '2026-11-23T00:10:42+02:00',
  '2026-11-23T23:59:60Z',
  '1969-12-31T23:59:59Z',
  'org.ovirt.ENGINE_BACKUP_FAILED',
  'ENGINE_BACKUP_COMPLETED',
  '__proto__',
];
const oddValue = fc.oneof(
  fc.constantFrom<unknown>(...ODD_TEXTS, null, 0, 1, -1, 1.5, true, [], {}, ['db']),
  fc.string({ unit: 'binary' }),
);

const BODY_PATHS = ['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'];
const DATA_PATHS = [
  ...['scope', 'done_at', 'status', 'output_message', 'fqdn', 'log_path', 'run_id'],
  'further',
];
const PROPERTIES = [
  ...['exchange', 'routingKey', 'contentType', 'type', 'messageId', 'timestampSeconds', 'userId'],
  'headers',
];

type Place = readonly ['event' | 'data' | 'message', string];
const place: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom(...BODY_PATHS).map((name): Place => ['event', name]),
  fc.constantFrom(...DATA_PATHS).map((name): Place => ['data', name]),
  fc.constantFrom(...PROPERTIES).map((name): Place => ['message', name]),
);
const change = fc.record({ place, value: fc.option(oddValue, { nil: undefined }) });

function plainMessage(changes: readonly { place: Place; value: unknown }[] = []): ReceivedMessage {
  const data: Record<string, unknown> = {
    scope: 'db',
    done_at: '2026-11-23T00:10:42.123Z',
    status: 1,
    output_message: 'Backup Finished',
    fqdn: 'engine.example.com',
    log_path: '/var/log/backup.log',
    run_id: 'run-1',
  };
  const event: Record<string, unknown> = {
    specversion: '1.0',
    id: 'report-1',
    source: '/ovirt/engines/engine.example.com',
    type: 'org.ovirt.ENGINE_BACKUP_COMPLETED',
    subject: 'db',
    time: '2026-11-23T00:10:42.123Z',
    data,
  };
  const message: Record<string, unknown> = {
    exchange: 'ovirt.engine-backup',
    routingKey: 'ENGINE_BACKUP_COMPLETED.db',
    contentType: 'application/cloudevents+json',
    type: 'ENGINE_BACKUP_COMPLETED',
    messageId: 'report-1',
    timestampSeconds: 1_795_392_700,
    userId: 'host-1',
    headers: {},
  };
  const places = { event, data, message };
  for (const { place, value } of changes) places[place[0]][place[1]] = value;
  // What amqplib gives: text, or nothing; headers are always a table.
  for (const name of ['contentType', 'type', 'messageId', 'userId'])
    if (typeof message[name] !== 'string') message[name] = undefined;
  for (const name of ['exchange', 'routingKey']) message[name] = String(message[name]);
  if (typeof message.timestampSeconds !== 'number') message.timestampSeconds = undefined;
  if (typeof message.headers !== 'object' || message.headers === null) message.headers = { x: 1 };
  return { ...message, body: Buffer.from(JSON.stringify(event)) } as unknown as ReceivedMessage;
}

function judgedInFull(message: ReceivedMessage) {
  const envelope = readEnvelope(message);
  return envelope.ok ? readReport(message, envelope.value) : envelope;
}

describe('the short way for a plain report', () => {
  it('reads what our own shim writes', () => {
    expect(readPlainReport(plainMessage())).toMatchObject({
      name: 'ENGINE_BACKUP_COMPLETED',
      fqdn: 'engine.example.com',
      reportedBy: 'host-1',
    });
  });

  it('gives what the full judgement gives, or leaves the message to it', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
        const message = plainMessage(changes);
        const plain = readPlainReport(message);
        if (!plain) return;
        read += 1;
        expect(judgedInFull(message)).toEqual({ ok: true, value: plain });
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['text that is not JSON', Buffer.from('{')],
    ['an array', Buffer.from('[]')],
    ['nothing', Buffer.alloc(0)],
  ])('leaves %s to the full judgement', (_what, body) => {
    expect(readPlainReport({ ...plainMessage(), body })).toBeUndefined();
  });
});
