import { connect } from 'amqplib';
import pg from 'pg';
import { startProduct, type ProductOnTestServers } from './product.js';

let product: ProductOnTestServers;
beforeAll(async () => (product = await startProduct()));
afterAll(() => product?.stop());

it('the database role for readers in endpoints.json can change nothing', async () => {
  const client = new pg.Client({ connectionString: product.endpoints().readerDatabaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT FROM engine');
    expect(rowCount).toBe(1);
    await expect(client.query('UPDATE engine SET retired_at = now()')).rejects.toMatchObject({
      code: '42501',
    });
  } finally {
    await client.end();
  }
});

it('the broker user for monitoring in endpoints.json can publish nothing', async () => {
  const connection = await connect(product.endpoints().monitorAmqpUrl!);
  connection.on('error', () => undefined);
  const channel = await connection.createConfirmChannel();
  const refused = new Promise((resolve) => channel.once('error', resolve));
  channel.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', Buffer.from('{}'));
  expect(await refused).toMatchObject({ code: 403 });
  await connection.close();
});
