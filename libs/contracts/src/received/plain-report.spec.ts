import fc from 'fast-check';
import { readReport } from '../events/engine-backup-report.js';
import { readEnvelope } from './envelope.js';
import { readPlainReport } from './plain-report.js';
import type { ReceivedMessage } from './received-message.js';

const ODD_TEXTS = [
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  'cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more',
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

const BODY_PATHS = [
  ...['specversion', 'id', 'source', 'type', 'subject', 'time', 'data'],
  'traceparent',
];
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
  // As amqplib delivers it: text, or nothing; headers are always a table.
  for (const name of ['contentType', 'type', 'messageId', 'userId'])
    if (typeof message[name] !== 'string') message[name] = undefined;
  for (const name of ['exchange', 'routingKey']) message[name] = String(message[name]);
  if (typeof message.timestampSeconds !== 'number') message.timestampSeconds = undefined;
  if (typeof message.headers !== 'object' || message.headers === null) message.headers = { x: 1 };
  return { ...message, body: Buffer.from(JSON.stringify(event)) } as unknown as ReceivedMessage;
}

/** Texts of as many characters as a limit allows, one fewer and one more; a character is one, two or four bytes. */
const around = (limit: number, ...units: string[]) =>
  fc
    .tuple(fc.constantFrom(limit - 1, limit, limit + 1), fc.constantFrom(...units))
    .map(([length, unit]) => unit.repeat(length));

/** The contents of a report at and around every limit of the contract, consistent wherever it says something twice. */
const reportAtLimits = fc.record({
  fqdn: fc.oneof(
    around(255, 'a', 'A').chain((name) => fc.constantFrom(name, `${name.slice(1)}.`)),
    around(240, 'e'),
  ),
  scope: fc.oneof(around(64, 's'), fc.constantFrom('s', 'all', 'all-', 'db')),
  id: around(255, 'i', 'é', '🎈'),
  runId: fc.option(around(255, 'r', 'é', '🎈')),
  doneAt: fc.constantFrom(
    '1970-01-01T00:00:00Z',
    '1969-12-31T23:59:59.999999Z',
    '1970-01-01T00:59:59+01:00',
    '9999-12-31T23:59:59.999999Z',
    '9999-12-31T23:59:59-00:01',
  ),
  timestampSeconds: fc.constantFrom(0, -1, 32_503_679_999, 32_503_680_000, undefined),
  outputMessage: around(200, 'm', '\u0000', '\ud800'),
});

function messageWith(said: typeof reportAtLimits extends fc.Arbitrary<infer T> ? T : never) {
  const { fqdn, scope, id, runId, doneAt, timestampSeconds, outputMessage } = said;
  const changes: [Place, unknown][] = [
    [['data', 'fqdn'], fqdn],
    [['event', 'source'], `/ovirt/engines/${fqdn}`],
    [['data', 'scope'], scope],
    [['event', 'subject'], scope],
    [['message', 'routingKey'], `ENGINE_BACKUP_COMPLETED.${scope}`],
    [['event', 'id'], id],
    [['data', 'run_id'], runId],
    [['data', 'done_at'], doneAt],
    [['event', 'time'], doneAt],
    [['message', 'timestampSeconds'], timestampSeconds],
    [['data', 'output_message'], outputMessage],
  ];
  return plainMessage(changes.map(([place, value]) => ({ place, value })));
}

function parsedInFull(message: ReceivedMessage) {
  const envelope = readEnvelope(message);
  return envelope.ok ? readReport(message, envelope.value) : envelope;
}

describe('the fast path for a plain report', () => {
  it('reads the reports of our own shim', () => {
    expect(readPlainReport(plainMessage())).toMatchObject({
      name: 'ENGINE_BACKUP_COMPLETED',
      fqdn: 'engine.example.com',
      reportedBy: 'host-1',
    });
  });

  it('returns the same as parsing in full, or leaves the message to that', () => {
    let read = 0;
    fc.assert(
      fc.property(fc.array(change, { maxLength: 3 }), (changes) => {
        const message = plainMessage(changes);
        const plain = readPlainReport(message);
        if (!plain) return;
        read += 1;
        expect(parsedInFull(message)).toEqual({ ok: true, value: plain });
      }),
      { numRuns: 5_000 },
    );
    expect(read).toBeGreaterThan(100);
  });

  it('returns the same at and around every limit, and accepts what parsing in full accepts', () => {
    let taken = 0;
    fc.assert(
      fc.property(reportAtLimits, (said) => {
        const message = messageWith(said);
        const plain = readPlainReport(message);
        const full = parsedInFull(message);
        if (plain) expect(full).toEqual({ ok: true, value: plain });
        if (full.ok) taken += 1;
      }),
      { numRuns: 5_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('accepts the longest of everything', () => {
    const longest = messageWith({
      fqdn: 'e'.repeat(255),
      scope: 's'.repeat(64),
      id: '🎈'.repeat(255),
      runId: '🎈'.repeat(255),
      doneAt: '9999-12-31T23:59:59.999999Z',
      timestampSeconds: 32_503_679_999,
      outputMessage: '',
    });
    expect(readPlainReport(longest)).toBeDefined();
    expect(parsedInFull(longest)).toEqual({ ok: true, value: readPlainReport(longest) });
  });

  it.each([
    ['a repeated key', (text: string) => text.replace('"status":1', '"status":-1,"status":1')],
    ['bytes beyond the limit', (text: string) => text.padEnd(2 * 1024 * 1024 + 1)],
  ])('leaves %s to parsing in full, which refuses it', (_what, change) => {
    const plain = plainMessage();
    const body = Buffer.from(change(Buffer.from(plain.body).toString()));
    expect(readPlainReport({ ...plain, body })).toBeUndefined();
    expect(parsedInFull({ ...plain, body }).ok).toBe(false);
  });

  it('accepts a message of exactly 2 MiB', () => {
    const plain = plainMessage();
    const body = Buffer.alloc(2 * 1024 * 1024, ' ');
    body.set(plain.body);
    expect(readPlainReport({ ...plain, body })).toBeDefined();
  });

  it.each([
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['text that is not JSON', Buffer.from('{')],
    ['an array', Buffer.from('[]')],
    ['nothing', Buffer.alloc(0)],
  ])('leaves %s to parsing in full', (_what, body) => {
    expect(readPlainReport({ ...plainMessage(), body })).toBeUndefined();
  });
});
