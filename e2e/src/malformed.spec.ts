import { hoursAgo, MALFORMED_KINDS, type MalformedKind, report } from '@backup-awareness/testing';
import type { GetMessage } from 'amqplib';
import { startProduct, type ProductOnTestServers } from './product.js';
import { settled } from './settled.js';

const COUNT = 1_000;
const NUMBER = 'e2e-number';
const QUEUES = ['backup-awareness.ingest', 'backup-awareness.audit'] as const;

const kindOf = (i: number): MalformedKind => MALFORMED_KINDS[i % MALFORMED_KINDS.length]!;
const goodReports = Array.from({ length: COUNT }, (_, i) =>
  report({
    fqdn: `good-${i % 50}.example.com`,
    scope: i % 2 === 0 ? 'db' : 'files',
    done_at: hoursAgo(i / 100),
    output_message: `good ${i}`,
  }),
);

let product: ProductOnTestServers;
let startedAtMs: number;
const deadLetters = new Map<string, GetMessage[]>();
const left = new Map<string, number>();

beforeAll(async () => {
  product = await startProduct();
  startedAtMs = Date.now();
  const publishing: Promise<void>[] = [];
  goodReports.forEach((data, i) => {
    const { body, routingKey, options } = kindOf(i);
    const headers = { ...options.headers, [NUMBER]: i };
    publishing.push(
      product.client.publish('ovirt.engine-backup', routingKey, body, { ...options, headers }),
      i % 2 === 0 ? product.reportBare(data) : product.reportCloudEvent(data),
    );
  });
  await Promise.all(publishing);
  await settled(product);
});
afterAll(() => product?.stop());

describe(`${COUNT} malformed messages of ${MALFORMED_KINDS.length} kinds among as many good ones`, () => {
  it('keep no good message from being stored', async () => {
    for (const table of ['engine_backup_log', 'audit_log']) {
      const rows = await product.query<{ fqdn: string }>(
        `SELECT fqdn FROM ${table} WHERE fqdn LIKE 'good-%' AND ${table === 'audit_log' ? 'log_type = 9025' : 'is_passed'}`,
      );
      expect(rows).toHaveLength(COUNT);
    }
    const messages = await product.query<{ output_message: string }>(
      `SELECT output_message FROM engine_backup_log WHERE fqdn LIKE 'good-%'`,
    );
    expect(new Set(messages.map((row) => row.output_message)).size).toBe(COUNT);
  });

  it('are not stored', async () => {
    const rows = await product.query(
      `SELECT fqdn FROM engine WHERE fqdn NOT LIKE 'good-%' AND fqdn NOT LIKE 'marker-%' AND watched_since > $1`,
      [new Date(startedAtMs)],
    );
    expect(rows).toEqual([]);
  });

  it('leave every service ready, and nothing unacknowledged', async () => {
    for (const { url } of Object.values(product.endpoints().services))
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    for (const queue of QUEUES) deadLetters.set(queue, await product.broker.drain(`${queue}.dead`));
    // What a service has unacknowledged returns to the queue when it ends.
    expect(await product.end()).toBe(0);
    for (const queue of [...QUEUES, ...QUEUES.map((name) => `${name}.dead`), 'ovirt.unrouted'])
      left.set(queue, await product.broker.depth(queue));
    expect([...left.values()]).toEqual([0, 0, 0, 0, 0]);
  });

  describe.each(QUEUES)('of %s', (queue) => {
    const letters = () => deadLetters.get(queue) ?? [];
    const numberOf = ({ properties }: GetMessage): number => properties.headers![NUMBER] as number;

    it('are among its dead letters, each exactly once', () => {
      const numbers = letters()
        .map(numberOf)
        .sort((a, b) => a - b);
      expect(numbers).toEqual(goodReports.map((_, i) => i));
    });

    it('are unchanged in its dead letters', () => {
      for (const letter of letters()) {
        const { body, options, routingKey } = kindOf(numberOf(letter));
        const { headers, contentType, type } = letter.properties;
        expect(letter.content.equals(body)).toBe(true);
        expect(contentType).toBe(options.contentType);
        expect(type).toBe(options.type);
        expect(headers).toMatchObject({
          'x-original-exchange': 'ovirt.engine-backup',
          'x-original-routing-key': routingKey,
        });
      }
    });

    it('say when they were received', () => {
      for (const { properties } of letters()) {
        const receivedAt = properties.headers!['x-received-at'] as string;
        expect(receivedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
        expect(Date.parse(receivedAt)).toBeGreaterThan(startedAtMs - 5_000);
        expect(Date.parse(receivedAt)).toBeLessThan(Date.now() + 5_000);
      }
    });

    it.each(MALFORMED_KINDS)('name what is wrong and what was received: $what', (kind) => {
      const ones = letters().filter((letter) => kindOf(numberOf(letter)) === kind);
      expect(ones.length).toBeGreaterThan(0);
      for (const { properties } of ones) {
        const headers = properties.headers as Record<string, string>;
        const { path, got } = kind;
        expect(headers).toMatchObject({
          'x-error-path': path,
          'x-error-got': typeof got === 'string' ? got : expect.stringMatching(got),
          'x-error-reason': `${path}: expected ${headers['x-error-expected']}, got ${headers['x-error-got']}`,
        });
        expect(headers['x-error-expected']).toMatch(/^[^{}]{4,300}$/);
        expect(headers['x-error-reason']).not.toMatch(/undefined|\[object|Invalid input|ZodError/i);
      }
    });
  });
});
