import { eventually } from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { startProduct, type ProductOnTestServers } from './product.js';

describe('a message with headers nested so deeply that reading them overflows the stack', () => {
  let product: ProductOnTestServers;

  beforeAll(async () => {
    product = await startProduct();
  });

  afterAll(() => product.stop());

  it('becomes a dead letter of both queues, and blocks no other message', async () => {
    const fqdn = 'behind.example.com';
    await publishNested(product.broker.amqpUrl, 20_000);
    await product.reportFullBackup(fqdn);
    await eventually(async () => {
      const rows = await product.query('SELECT 1 FROM engine_backup_log WHERE fqdn = $1', [fqdn]);
      expect(rows).toHaveLength(2);
    }, 30_000);
    for (const queue of ['backup-awareness.ingest.dead', 'backup-awareness.audit.dead']) {
      const [dead] = await eventually(async () => {
        const messages = await product.broker.drain(queue);
        expect(messages).toHaveLength(1);
        return messages;
      }, 30_000);
      expect(dead!.properties.headers).toMatchObject({
        'x-error-path': 'properties.headers',
        'x-error-got': expect.stringContaining('call stack'),
      });
    }
  });
});

/** Publishes a message with a header of nested arrays, frame by frame, since no client library would encode it. */
async function publishNested(amqpUrl: string, depth: number): Promise<void> {
  const connection = await connect(amqpUrl);
  const channel = await connection.createChannel();
  const ARRAY_BYTES = 5;
  const nested = Buffer.alloc(ARRAY_BYTES * depth);
  for (let i = 0; i < depth; i++) {
    nested.write('A', ARRAY_BYTES * i);
    nested.writeUInt32BE(ARRAY_BYTES * (depth - 1 - i), ARRAY_BYTES * i + 1);
  }
  const table = Buffer.concat([shortText('k'), nested]);
  const tableLength = Buffer.alloc(4);
  tableLength.writeUInt32BE(table.length);
  const method = Buffer.concat([
    Buffer.from([0, 60, 0, 40, 0, 0]),
    shortText('ovirt.engine-backup'),
    shortText('ENGINE_BACKUP_COMPLETED.db'),
    Buffer.from([0]),
  ]);
  const header = Buffer.alloc(14);
  header.writeUInt16BE(60, 0);
  header.writeBigUInt64BE(1n, 4);
  header.writeUInt16BE(0x2000, 12);
  const { ch, connection: wire } = channel as unknown as {
    ch: number;
    connection: { stream: { write(bytes: Buffer): void } };
  };
  wire.stream.write(
    Buffer.concat([
      frame(1, ch, method),
      frame(2, ch, Buffer.concat([header, tableLength, table])),
      frame(3, ch, Buffer.from('x')),
    ]),
  );
  // Answered only after the broker has read the frames before it.
  await channel.checkExchange('ovirt.engine-backup');
  await connection.close();
}

function shortText(text: string): Buffer {
  return Buffer.concat([Buffer.from([text.length]), Buffer.from(text)]);
}

function frame(type: number, channel: number, payload: Buffer): Buffer {
  const start = Buffer.alloc(7);
  start[0] = type;
  start.writeUInt16BE(channel, 1);
  start.writeUInt32BE(payload.length, 3);
  return Buffer.concat([start, payload, Buffer.from([0xce])]);
}
