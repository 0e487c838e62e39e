import { cloudEvent, type Report, report, routingKeyOf } from '@backup-awareness/testing';
import type { Options } from 'amqplib';
import { startProduct, type ProductOnTestServers } from './product.js';
import { settled } from './settled.js';

/** A message that is unusual, but valid: it becomes one row of the log and one of the audit log. */
interface OddReport {
  readonly what: string;
  readonly body: (data: Report) => string | Buffer;
  readonly options?: Options.Publish;
  readonly routingKey?: string;
  /** The expected columns of the row. */
  readonly row?: Readonly<Record<string, unknown>>;
}

const CLOUD_EVENT = 'application/cloudevents+json';
const bare = (fields: object) => (data: Report) => JSON.stringify({ ...data, ...fields });
const event = (attributes: object) => (data: Report) =>
  JSON.stringify({ ...cloudEvent(data), ...attributes });
const doneAt = (text: string, instant: string): OddReport => ({
  what: `done_at ${text}`,
  body: bare({ done_at: text }),
  row: { done_at: new Date(instant) },
});

const ODD_REPORTS: readonly OddReport[] = [
  { what: 'further fields', body: bare({ size: 12, host: { name: 'x' }, __proto__x: 1 }) },
  {
    what: 'a further field nested 20,000 deep',
    body: (data) =>
      JSON.stringify(data).replace(/}$/, `,"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
  },
  {
    what: 'NUL and a lone surrogate',
    body: bare({ output_message: 'a\u0000b\ud800c', log_path: '\udc00\u0000' }),
    row: { output_message: 'a\ufffdb\ufffdc', log_path: '\ufffd\ufffd' },
  },
  {
    what: 'control characters and quotes',
    body: bare({ output_message: '\u001b[31m\r\n\t"\'\\{},NULL' }),
    row: { output_message: '\u001b[31m\r\n\t"\'\\{},NULL' },
  },
  {
    what: '1.9 MiB of text',
    body: bare({ output_message: 'x'.repeat(1_990_000) }),
    row: { output_message: 'x'.repeat(1_990_000) },
  },
  { what: 'empty texts', body: bare({ output_message: '', log_path: '' }), row: { log_path: '' } },
  { what: 'blanks around and between', body: (data) => `\n ${JSON.stringify(data, null, 4)}\r\n` },
  { what: 'a byte order mark', body: (data) => `\ufeff${JSON.stringify(data)}` },
  { what: 'a routing key without a scope', body: bare({}), routingKey: 'ENGINE_BACKUP_COMPLETED' },
  { what: 'text/plain', body: bare({}), options: { contentType: 'text/plain' } },
  {
    what: 'the name in the property type too',
    body: bare({}),
    options: { type: 'ENGINE_BACKUP_COMPLETED' },
  },
  { what: 'an empty message id', body: bare({}), options: { messageId: '' } },
  {
    what: 'a content type with parameters',
    body: event({}),
    options: { contentType: `${CLOUD_EVENT}; charset=UTF-8` },
  },
  { what: 'a CloudEvent by its specversion alone', body: event({}) },
  {
    what: 'a CloudEvent with extensions',
    body: event({
      traceparent: '00-1-2-01',
      dataschema: 'x:y',
      subject: undefined,
      time: undefined,
    }),
  },
  doneAt('2026-01-02T03:04:05+05:30', '2026-01-01T21:34:05Z'),
  doneAt('2026-01-02t03:04:05.123456789z', '2026-01-02T03:04:05.123Z'),
  doneAt('2016-12-31T23:59:60Z', '2017-01-01T00:00:00Z'),
  doneAt('1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z'),
  doneAt('9999-12-31T23:59:59Z', '9999-12-31T23:59:59Z'),
  {
    what: 'the year 9999 and a timestamp of 1970',
    body: bare({ done_at: '9999-12-31T23:59:59Z' }),
    options: { timestamp: 0 },
  },
  {
    what: 'the year 1970 and a timestamp of 2999',
    body: bare({ done_at: '1970-01-01T00:00:00Z' }),
    options: { timestamp: Date.UTC(2999, 0, 1) / 1000 },
  },
  {
    what: 'a timestamp in milliseconds',
    body: bare({}),
    options: { timestamp: Date.now() },
  },
  {
    what: 'a timestamp beyond all calendars',
    body: bare({}),
    options: { timestamp: Number.MAX_SAFE_INTEGER },
  },
  {
    what: 'status 1.0',
    body: (data) => JSON.stringify(data).replace('"status":1', '"status":1.0'),
  },
  { what: 'a run id', body: bare({ run_id: 'run 1' }), row: { run_id: 'run 1' } },
  { what: 'no run id', body: bare({ run_id: null }), row: { run_id: null } },
  {
    what: 'headers that a dead letter or a redelivery would have',
    body: bare({}),
    options: {
      headers: { 'x-delivery-count': 50, 'x-received-at': '2099-01-01T00:00:00Z', 'x-death': [] },
    },
  },
  {
    what: 'a priority, an expiration and no persistence',
    body: bare({}),
    options: { priority: 9, expiration: 600_000, persistent: false, replyTo: 'a', appId: 'b' },
  },
  {
    what: 'a scope of 64 characters',
    body: bare({ scope: `s${'x'.repeat(63)}` }),
    routingKey: `ENGINE_BACKUP_COMPLETED.s${'x'.repeat(63)}`,
    row: { scope: `s${'x'.repeat(63)}` },
  },
];

let product: ProductOnTestServers;
const fqdnOf = (i: number) => `odd-${i}.example.com`;

beforeAll(async () => {
  product = await startProduct();
  for (const [i, { body, options, routingKey }] of ODD_REPORTS.entries()) {
    const data = report({ fqdn: fqdnOf(i) });
    const key = routingKey ?? routingKeyOf(data);
    await product.client.publish('ovirt.engine-backup', key, body(data), options);
  }
  await settled(product);
});
afterAll(() => product?.stop());

describe('a report is stored and audited, once, with', () => {
  it.each(ODD_REPORTS.map((odd, i) => ({ ...odd, fqdn: fqdnOf(i) })))(
    '$what',
    async ({ fqdn, row = {} }) => {
      const rows = await product.query<{ counted_at: Date; received_at: Date }>(
        `SELECT * FROM engine_backup_log WHERE fqdn = $1`,
        [fqdn],
      );
      expect(rows).toEqual([expect.objectContaining({ fqdn, is_passed: true, ...row })]);
      const { counted_at: countedAt, received_at: receivedAt } = rows[0]!;
      expect(countedAt.getTime()).toBeLessThanOrEqual(receivedAt.getTime());
      expect(receivedAt.getTime()).toBeLessThan(Date.now() + 5_000);
      const audited = await product.query(
        `SELECT log_type, custom_data->>'scope' AS scope FROM audit_log
         WHERE fqdn = $1 AND log_type BETWEEN 9024 AND 9026`,
        [fqdn],
      );
      expect(audited).toEqual([{ log_type: 9025, scope: row['scope'] ?? 'db' }]);
    },
  );

  it('no dead letter as a result', async () => {
    for (const queue of ['backup-awareness.ingest.dead', 'backup-awareness.audit.dead'])
      expect(await product.broker.depth(queue)).toBe(0);
  });
});

describe('the same report', () => {
  it('as CloudEvent and bare JSON, with another offset and sent at another time, is stored once', async () => {
    const fqdn = 'same.example.com';
    const data = report({ fqdn, done_at: '2026-01-02T03:04:05Z' });
    const elsewhere = {
      ...data,
      fqdn: 'Same.Example.com.',
      done_at: '2026-01-02T05:04:05.000+02:00',
    };
    await product.reportCloudEvent(data, 'the same');
    await product.reportCloudEvent(elsewhere, 'the same', { timestamp: 1 });
    await product.reportBare(elsewhere, { messageId: 'the same' });
    await product.client.publish(
      'ovirt.engine-backup',
      'ENGINE_BACKUP_COMPLETED',
      JSON.stringify({ ...cloudEvent(data, 'the same'), time: '2026-01-02T09:00:00Z' }),
    );
    await settled(product);
    const rows = await product.query(`SELECT FROM engine_backup_log WHERE fqdn = $1`, [fqdn]);
    expect(rows).toHaveLength(1);
    const audited = await product.query(
      `SELECT FROM audit_log WHERE fqdn = $1 AND log_type BETWEEN 9024 AND 9026`,
      [fqdn],
    );
    expect(audited).toHaveLength(1);
    for (const queue of ['backup-awareness.ingest.dead', 'backup-awareness.audit.dead'])
      expect(await product.broker.depth(queue)).toBe(0);
  });
});

describe('a message of an unknown kind', () => {
  it('that matches no binding is kept in ovirt.unrouted', async () => {
    await product.client.publish('ovirt.engine-backup', 'ENGINE_RESTORED.db', '{"kept":true}');
    await product.client.publish('ovirt.backup-alerts', 'something', 'else');
    const kept = await product.broker.drain('ovirt.unrouted');
    expect(kept.map(({ content }) => content.toString())).toEqual(['{"kept":true}', 'else']);
  });
});
