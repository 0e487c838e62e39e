import { createHash } from 'node:crypto';
import { cloudEvent, hoursAgo, type Report, report, routingKeyOf } from '@backup-awareness/testing';
import { startProduct, type ProductOnTestServers } from './product.js';
import { settled } from './settled.js';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

async function counts(fqdnPattern: string): Promise<{ log: number; audit: number }> {
  const [row] = await product.query<{ log: number; audit: number }>(
    `SELECT (SELECT count(*)::int FROM engine_backup_log WHERE fqdn LIKE $1) AS log,
       (SELECT count(*)::int FROM audit_log WHERE fqdn LIKE $1 AND log_type BETWEEN 9024 AND 9026) AS audit`,
    [fqdnPattern],
  );
  return row!;
}

async function deadLetters(): Promise<Record<string, unknown>[]> {
  const queues = ['backup-awareness.ingest.dead', 'backup-awareness.audit.dead'];
  const messages = await Promise.all(queues.map((queue) => product.broker.drain(queue)));
  return messages.flat().map(({ properties }) => properties.headers ?? {});
}

describe('the same 1,000 reports published three times', () => {
  const STATUSES = [1, 0, -1] as const;
  const reports = Array.from({ length: 1_000 }, (_, i) =>
    report({
      fqdn: `thousand-${i % 40}.example.com`,
      scope: i % 2 === 0 ? 'db' : 'files',
      status: STATUSES[i % 3]!,
      done_at: hoursAgo(i / 50),
      output_message: `report ${i}`,
    }),
  );

  /** A third as CloudEvents, a third as bare JSON with an id, a third as bare JSON without one. */
  function publish(data: Report, i: number): Promise<void> {
    if (i % 3 === 0) return product.reportCloudEvent(data, `event ${i}`);
    return product.reportBare(data, i % 3 === 1 ? { messageId: `message ${i}` } : {});
  }

  it('become 1,000 rows of the log and 1,000 of the audit log', async () => {
    await Promise.all(reports.map(publish));
    // The second time while they are being stored, in another order; the third time when all are stored.
    await Promise.all(reports.map(publish).reverse());
    await settled(product);
    expect(await counts('thousand-%')).toEqual({ log: 1_000, audit: 1_000 });
    await Promise.all(reports.map(publish));
    await settled(product);
    expect(await counts('thousand-%')).toEqual({ log: 1_000, audit: 1_000 });
    expect(await deadLetters()).toEqual([]);
  });

  it('are each stored with their own content', async () => {
    const rows = await product.query<{ output_message: string }>(
      `SELECT output_message FROM engine_backup_log WHERE fqdn LIKE 'thousand-%'`,
    );
    expect(rows.map((row) => row.output_message).sort()).toEqual(
      reports.map((data) => data.output_message).sort(),
    );
  });
});

describe('an id', () => {
  it('that two engines use makes two rows', async () => {
    const id = 'one id for two engines';
    await product.reportCloudEvent(report({ fqdn: 'two-1.example.com' }), id);
    await product.reportCloudEvent(report({ fqdn: 'two-2.example.com' }), id);
    await product.reportBare(report({ fqdn: 'two-3.example.com' }), { messageId: id });
    await settled(product);
    expect(await counts('two-%')).toEqual({ log: 3, audit: 3 });
    expect(await deadLetters()).toEqual([]);
  });

  it('that is reused with other content makes a dead letter "id reused", and changes nothing', async () => {
    const first = report({ fqdn: 'reused.example.com', output_message: 'the first' });
    await product.reportCloudEvent(first, 'reused');
    await settled(product);
    const second = { ...first, output_message: 'the second' };
    await product.reportCloudEvent(second, 'reused');
    await settled(product);
    const rows = await product.query(
      `SELECT output_message FROM engine_backup_log WHERE fqdn = 'reused.example.com'`,
    );
    expect(rows).toEqual([{ output_message: 'the first' }]);
    for (const queue of ['backup-awareness.ingest.dead', 'backup-awareness.audit.dead']) {
      const letters = await product.broker.drain(queue);
      expect(letters.map(({ content }) => JSON.parse(content.toString()))).toEqual([
        cloudEvent(second, 'reused'),
      ]);
      expect(letters[0]!.properties.headers!['x-error-reason']).toMatch(/^id reused/);
    }
  });

  it('is the SHA-256 of name and bytes for bare JSON without one', async () => {
    const body = JSON.stringify(report({ fqdn: 'hashed.example.com' }));
    await product.client.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', body);
    await product.client.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED', body);
    const spaced = `${body} `;
    await product.client.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', spaced);
    await settled(product);
    const rows = await product.query<{ event_id: string }>(
      `SELECT event_id FROM engine_backup_log WHERE fqdn = 'hashed.example.com'`,
    );
    const sha256 = (text: string) =>
      createHash('sha256').update(`ENGINE_BACKUP_COMPLETED${text}`).digest('hex');
    expect(rows.map((row) => row.event_id).sort()).toEqual([sha256(body), sha256(spaced)].sort());
  });

  it('may be any text of up to 255 characters', async () => {
    const ids = ['x', 'ü'.repeat(100), '🦉'.repeat(60), 'a b\n"c"', "'; DROP TABLE engine; --"];
    const data = report({ fqdn: 'ids.example.com' });
    for (const id of ids) await product.reportCloudEvent(data, id);
    const long = 'é🦉'.repeat(127) + 'z';
    // An AMQP property may have 255 bytes, a CloudEvent's id 255 characters.
    const event = cloudEvent(data, long);
    await product.client.publish('ovirt.engine-backup', routingKeyOf(data), event);
    await settled(product);
    const rows = await product.query<{ event_id: string }>(
      `SELECT event_id FROM engine_backup_log WHERE fqdn = 'ids.example.com'`,
    );
    expect(rows.map((row) => row.event_id).sort()).toEqual([...ids, long].sort());
  });
});
