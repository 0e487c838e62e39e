import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { engineBackupCompletedExample } from './engine-backup-completed.js';
import { parseEngineBackupReport } from '../received/parse-engine-backup-report.js';
import type { ReceivedMessage } from '../received/received-message.js';

const data = engineBackupCompletedExample;

function cloudEvent(changes: Record<string, unknown> = {}, dataChanges: object = {}) {
  return {
    specversion: '1.0',
    id: 'report-1',
    source: '/ovirt/engines/engine.example.com',
    type: 'org.ovirt.ENGINE_BACKUP_COMPLETED',
    subject: 'db',
    time: '2026-11-23T00:10:42Z',
    data: { ...data, ...dataChanges },
    ...changes,
  };
}

function message(body: unknown, properties: Partial<ReceivedMessage> = {}): ReceivedMessage {
  const bytes =
    body instanceof Uint8Array
      ? body
      : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return {
    body: bytes,
    exchange: 'ovirt.engine-backup',
    routingKey: 'ENGINE_BACKUP_COMPLETED.db',
    headers: {},
    ...properties,
  };
}

/** The report as bare JSON, with one part of the text replaced. */
function bareText(part: string, by: string): string {
  return JSON.stringify(data).replace(part, by);
}

/** Attributes as headers of a CloudEvent in binary mode. */
function inHeaders(changes: Record<string, unknown> = {}, prefix = 'cloudEvents:') {
  const { data: _, ...attributes } = cloudEvent(changes);
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [prefix + name, value]),
  );
}

function parsed(received: ReceivedMessage) {
  const result = parseEngineBackupReport(received);
  if (!result.ok) throw new Error(result.invalid.reason);
  return result.value;
}

function refused(received: ReceivedMessage) {
  const result = parseEngineBackupReport(received);
  if (result.ok) throw new Error(`accepted: ${JSON.stringify(result.value)}`);
  return result.invalid;
}

describe('a report of engine-backup', () => {
  it('is read from a CloudEvent', () => {
    expect(
      parsed(message(cloudEvent(), { timestampSeconds: 1_795_392_700, userId: 'host-1' })),
    ).toEqual({
      name: 'ENGINE_BACKUP_COMPLETED',
      eventId: 'report-1',
      eventTime: '2026-11-23T00:10:42.000000Z',
      fqdn: 'engine.example.com',
      scope: 'db',
      doneAt: '2026-11-23T00:10:42.000000Z',
      isPassed: true,
      outputMessage: data.output_message,
      logPath: data.log_path,
      runId: data.run_id,
      traceparent: null,
      sentAt: '2026-11-23T00:11:40.000Z',
      firstReceivedAt: null,
      reportedBy: 'host-1',
    });
  });

  it.each([
    ['kept', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
    ['ignored if it is invalid', '00-0-0-0'],
    ['ignored if it is no text', 7],
  ])('has its trace %s', (_, traceparent) => {
    const read = typeof traceparent === 'string' && traceparent.length === 55 ? traceparent : null;
    const traced = { ...cloudEvent(), traceparent };
    expect(parsed(message(traced)).traceparent).toBe(read);
    const contradicting = { headers: { 'cloudEvents:traceparent': 'another' } };
    expect(parsed(message(traced, contradicting)).traceparent).toBe(read);
  });

  it.each(['cloudEvents:', 'cloudEvents_'])(
    'is read from a CloudEvent in binary mode, its attributes in headers that begin with %s',
    (prefix) => {
      const headers = inHeaders({}, prefix);
      const structured = parsed(message(cloudEvent()));
      expect(parsed(message(data, { headers, contentType: 'application/json' }))).toEqual(
        structured,
      );
    },
  );

  it('is read from a CloudEvent in binary mode whose time is an instant of AMQP', () => {
    const time = { '!': 'timestamp', value: Date.UTC(2026, 10, 23, 0, 10, 42) / 1000 };
    expect(parsed(message(data, { headers: inHeaders({ time }) })).eventTime).toBe(
      '2026-11-23T00:10:42.000000Z',
    );
  });

  it('is read from a structured CloudEvent whose headers say the same', () => {
    const headers = { ...inHeaders({ time: '2026-11-23T01:10:42+01:00' }), other: 1 };
    expect(parsed(message(cloudEvent(), { headers }))).toEqual(parsed(message(cloudEvent())));
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['no id', inHeaders({ id: undefined }), 'properties.headers.cloudEvents:id'],
    [
      'another specversion',
      inHeaders({ specversion: '0.3' }),
      'properties.headers.cloudEvents:specversion',
    ],
    ['another engine’s source', inHeaders({ source: '/ovirt/engines/other' }), 'source'],
    ['another subject', inHeaders({ subject: 'files' }), 'subject'],
    ['another type', inHeaders({ type: 'org.ovirt.ENGINE_BACKUP_FAILED' }), 'routing_key'],
    [
      'an id that is bytes',
      inHeaders({ id: Buffer.from('1') }),
      'properties.headers.cloudEvents:id',
    ],
    [
      'both prefixes with different values',
      { ...inHeaders(), cloudEvents_type: 'org.ovirt.ENGINE_BACKUP_FAILED' },
      'properties.headers.cloudEvents_type',
    ],
  ])('in binary mode with %s is refused', (_, headers, path) => {
    expect(refused(message(data, { headers })).path).toBe(path);
  });

  it('in structured mode is refused if an attribute in the headers differs', () => {
    const headers = inHeaders({ type: 'org.ovirt.ENGINE_BACKUP_FAILED' });
    expect(refused(message(cloudEvent(), { headers })).path).toBe(
      'properties.headers.cloudEvents:type',
    );
  });

  it('is read from bare JSON, named by the AMQP type', () => {
    const report = parsed(
      message(data, { type: 'ENGINE_BACKUP_COMPLETED', messageId: 'report-2' }),
    );
    expect(report).toMatchObject({ name: 'ENGINE_BACKUP_COMPLETED', eventId: 'report-2' });
  });

  it('is read from bare JSON, named by the routing key alone, with an id from name and bytes', () => {
    const body = Buffer.from(JSON.stringify(data));
    const expected = createHash('sha256')
      .update('ENGINE_BACKUP_COMPLETED')
      .update(body)
      .digest('hex');
    expect(parsed(message(body)).eventId).toBe(expected);
    expect(parsed(message(body, { routingKey: 'ENGINE_BACKUP_COMPLETED' })).eventId).toBe(expected);
  });

  it.each([
    ['the default exchange', ''],
    ['the exchange of alerts', 'ovirt.backup-alerts'],
    ['the exchange of administration', 'ovirt.backup-administration'],
  ])('from %s is refused', (_, exchange) => {
    for (const body of [cloudEvent(), data])
      for (const routingKey of ['ENGINE_BACKUP_COMPLETED.db', 'backup-awareness.ingest']) {
        const type = 'ENGINE_BACKUP_COMPLETED';
        const sent = message(body, { exchange, routingKey, type });
        expect(refused(sent).path).toMatch(/^(exchange|routing_key)$/);
        if (exchange === '') expect(refused(sent).path).toBe('exchange');
      }
  });

  it.each([
    ['ENGINE_BACKUP_STARTED', 0, null],
    ['ENGINE_BACKUP_COMPLETED', 1, true],
    ['ENGINE_BACKUP_FAILED', -1, false],
  ])('%s has status %d and is passed: %s', (name, status, isPassed) => {
    const report = parsed(message({ ...data, status }, { routingKey: `${name}.db` }));
    expect(report).toMatchObject({ name, isPassed });
  });

  it.each([
    [
      'a host name in capitals with a trailing dot',
      { fqdn: 'Engine.Example.COM.' },
      { fqdn: 'engine.example.com' },
    ],
    ['empty texts', { output_message: '', log_path: '' }, { outputMessage: '', logPath: '' }],
    ['a NUL in a text', { output_message: 'a\u0000b' }, { outputMessage: 'a\ufffdb' }],
    ['a lone surrogate in a text', { log_path: '/x\ud800' }, { logPath: '/x\ufffd' }],
    ['an unknown field', { colour: 'red' }, { scope: 'db' }],
    ['no run_id', { run_id: undefined }, { runId: null }],
    ['a run_id of null', { run_id: null }, { runId: null }],
  ])('with %s is accepted', (_, changes, expected) => {
    expect(parsed(message({ ...data, ...changes }))).toMatchObject(expected);
  });

  it('of the longest host name is accepted', () => {
    const fqdn = 'e'.repeat(255);
    const event = cloudEvent({ source: `/ovirt/engines/${fqdn}` }, { fqdn });
    expect(parsed(message(event)).fqdn).toBe(fqdn);
  });

  it('of a scope that oVirt may add later is accepted', () => {
    const scope = 'new_scope-2';
    const received = message(
      { ...data, scope },
      { routingKey: `ENGINE_BACKUP_COMPLETED.${scope}` },
    );
    expect(parsed(received).scope).toBe(scope);
  });

  it('keeps the first arrival of a replayed message, and trusts no header of a sender', () => {
    const firstReceivedAt = '2026-11-01T00:00:00.000000Z';
    expect(parsed(message(data, { firstReceivedAt }))).toMatchObject({ firstReceivedAt });
    const headers = { 'x-received-at': firstReceivedAt, 'x-original-user-id': 'host-1' };
    expect(parsed(message(data, { headers }))).toMatchObject({
      firstReceivedAt: null,
      reportedBy: null,
    });
  });

  it('with a timestamp in milliseconds is read as if it had none', () => {
    expect(parsed(message(data, { timestampSeconds: 1_795_392_700_000 })).sentAt).toBeNull();
  });

  it.each([
    ['an empty body', '', 'body', 'nothing'],
    ['text that is not JSON', 'backup done', 'body', 'not JSON'],
    ['an array', '[]', 'body', 'an array of 0'],
    ['a number', '1', 'body', 'the number 1'],
    ['bytes that are not UTF-8', Buffer.from([0x7b, 0xff, 0x7d]), 'body', 'not UTF-8'],
    ['more than 2 MiB', Buffer.alloc(2 * 1024 * 1024 + 1, 0x20), 'body', '2097153 bytes'],
    ['a truncated object', '{"scope":"db"', 'body', 'not JSON'],
    ['no scope', { ...data, scope: undefined }, 'data.scope', 'nothing'],
    ['a scope in capitals', { ...data, scope: 'DB' }, 'data.scope', '"DB"'],
    ['an empty scope', { ...data, scope: '' }, 'data.scope', '""'],
    ['a scope of 65 characters', { ...data, scope: 'a'.repeat(65) }, 'data.scope', 'aaa'],
    ['the scope all, which names no scope', { ...data, scope: 'all' }, 'data.scope', '"all"'],
    ['a repeated status', bareText('"status":1', '"status":-1,"status":1'), 'status', 'twice'],
    [
      'a repeated key in the data of a CloudEvent',
      JSON.stringify(cloudEvent()).replace('"scope":', '"scope":"files","scope":'),
      'data.scope',
      'twice',
    ],
    ['a scope with a line end', { ...data, scope: 'db\n' }, 'data.scope', '"db\\n"'],
    ['no done_at', { ...data, done_at: undefined }, 'data.done_at', 'nothing'],
    ['done_at as a number', { ...data, done_at: 1 }, 'data.done_at', 'the number 1'],
    [
      'done_at without an offset',
      { ...data, done_at: '2026-11-23T01:00:00' },
      'data.done_at',
      '2026',
    ],
    [
      'a day that does not exist',
      { ...data, done_at: '2026-02-30T00:00:00Z' },
      'data.done_at',
      '02-30',
    ],
    ['status as text', { ...data, status: '1' }, 'data.status', '"1"'],
    ['status 2', { ...data, status: 2 }, 'data.status', 'the number 2'],
    ['status true', { ...data, status: true }, 'data.status', 'the boolean true'],
    ['status null', { ...data, status: null }, 'data.status', 'null'],
    ['a status of another event', { ...data, status: 0 }, 'data.status', 'the number 0'],
    ['output_message of null', { ...data, output_message: null }, 'data.output_message', 'null'],
    ['no log_path', { ...data, log_path: undefined }, 'data.log_path', 'nothing'],
    ['no fqdn', { ...data, fqdn: undefined }, 'data.fqdn', 'nothing'],
    ['an fqdn of a dot', { ...data, fqdn: '.' }, 'data.fqdn', '"."'],
    ['an fqdn with an underscore', { ...data, fqdn: 'a_b' }, 'data.fqdn', '"a_b"'],
    ['an fqdn with an umlaut', { ...data, fqdn: 'süd.example.com' }, 'data.fqdn', 'süd'],
    [
      'a source of 271 characters',
      cloudEvent({ source: `/ovirt/engines/${'a'.repeat(256)}` }),
      'source',
      'aaa',
    ],
    ['an fqdn of 256 characters', { ...data, fqdn: 'a'.repeat(256) }, 'data.fqdn', 'aaa'],
    ['a run_id that is a number', { ...data, run_id: 7 }, 'data.run_id', 'the number 7'],
    ['specversion 0.3', cloudEvent({ specversion: '0.3' }), 'specversion', '"0.3"'],
    ['a CloudEvent without an id', cloudEvent({ id: undefined }), 'id', 'nothing'],
    ['an empty id', cloudEvent({ id: '' }), 'id', '""'],
    ['an id of 256 characters', cloudEvent({ id: 'é'.repeat(256) }), 'id', 'é'],
    ['an id with a NUL', cloudEvent({ id: 'a\u0000' }), 'id', 'a'],
    ['a CloudEvent without a source', cloudEvent({ source: undefined }), 'source', 'nothing'],
    ['another engine’s source', cloudEvent({ source: '/ovirt/engines/other' }), 'source', 'other'],
    ['another subject', cloudEvent({ subject: 'files' }), 'subject', '"files"'],
    [
      'a type that differs from its routing key',
      cloudEvent({ type: 'org.ovirt.ENGINE_BACKUP_FAILED' }),
      'routing_key',
      'ENGINE_BACKUP_COMPLETED',
    ],
    ['data that is not an object', cloudEvent({ data: 'x' }), 'data', '"x"'],
    ['no data', cloudEvent({ data: undefined }), 'data', 'nothing'],
    ['an invalid time', cloudEvent({ time: 'now' }), 'time', '"now"'],
  ])('with %s is refused with the path and the value', (_, body, path, got) => {
    const why = refused(message(body));
    expect(why.path).toBe(path);
    expect(why.got).toContain(got);
    expect(why.reason).toBe(`${why.path}: expected ${why.expected}, got ${why.got}`);
  });

  it.each<[string, Partial<ReceivedMessage>, string]>([
    ['an AMQP type of another event', { type: 'ENGINE_BACKUP_FAILED' }, 'routing_key'],
    [
      'a routing key of another scope',
      { routingKey: 'ENGINE_BACKUP_COMPLETED.files' },
      'routing_key',
    ],
    [
      'the content type of a CloudEvent',
      { contentType: 'application/cloudevents+json; charset=utf-8' },
      'specversion',
    ],
    ['a message_id with a NUL', { messageId: 'a\u0000' }, 'properties.message_id'],
  ])('in bare JSON with %s is refused', (_, properties, path) => {
    expect(refused(message(data, properties)).path).toBe(path);
  });

  it('is parsed without a crash, whatever it holds', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.json().map((text) => Buffer.from(text)),
          fc
            .object({
              key: fc.constantFrom(...Object.keys(data), 'specversion', 'id', '__proto__'),
            })
            .map((value) => Buffer.from(JSON.stringify(value))),
        ),
        (body) => {
          const result = parseEngineBackupReport(message(body));
          expect(result.ok ? '' : result.invalid.expected).toBeDefined();
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
