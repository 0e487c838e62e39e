import { setTimeout as sleep } from 'node:timers/promises';
import { startProduct, type ProductOnTestServers } from './product.js';
import { settled } from './settled.js';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

async function set(assignment: string, ...options: string[]): Promise<void> {
  const { code, stderr } = await product.cli('config', '-s', assignment, ...options);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

describe('a request for the settings of engine hosts', () => {
  const TABLES = [
    'async_tasks',
    'async_tasks_entities',
    'job',
    'job_subject_entity',
    'step',
    'step_subject_entity',
    'command_entities',
    'command_assoc_entities',
    'business_entity_snapshot',
  ];

  /** Asks through direct reply-to, as an engine host does. Undefined if no answer comes within two seconds. */
  async function ask(): Promise<unknown> {
    const channel = await (await product.client.connection()).createChannel();
    try {
      const answer = new Promise<unknown>((resolve) => {
        void channel.consume(
          'amq.rabbitmq.reply-to',
          (message) => {
            const { correlationId } = message!.properties;
            resolve(correlationId === 'ask' && JSON.parse(message!.content.toString()));
          },
          { noAck: true },
        );
      });
      channel.publish('ovirt.engine-backup', 'BACKUP_SETTINGS_REQUESTED', Buffer.from('{}'), {
        replyTo: 'amq.rabbitmq.reply-to',
        correlationId: 'ask',
      });
      return await Promise.race([answer, sleep(2_000)]);
    } finally {
      await channel.close();
    }
  }

  it('is answered with the nine tables and the mode of exclusion', async () => {
    expect(await ask()).toEqual({ BackupExcludedTables: TABLES, BackupExcludeMode: 'data' });
  });

  it('is answered with new values as soon as they are set', async () => {
    await set('BackupExcludeMode=table', '--force');
    await set('BackupExcludedTables=rows_of_mine,more_rows');
    expect(await ask()).toEqual({
      BackupExcludedTables: ['rows_of_mine', 'more_rows'],
      BackupExcludeMode: 'table',
    });
    await set('BackupExcludeMode=data');
    await set(`BackupExcludedTables=${TABLES.join(',')}`);
  });

  it.each([
    'e2e.answers',
    'backup-awareness.ingest',
    undefined,
    'amq.rabbitmq.reply-to.forged',
    'amq.rabbitmq.reply-tox',
  ])('is not answered to %s, and the next one is answered', async (replyTo) => {
    const channel = await (await product.client.connection()).createChannel();
    await channel.assertQueue('e2e.answers', { durable: true });
    await product.client.publish('ovirt.engine-backup', 'BACKUP_SETTINGS_REQUESTED', '{}', {
      ...(replyTo === undefined ? {} : { replyTo }),
    });
    // The queue keeps its order: a later request is answered later.
    expect(await ask()).toMatchObject({ BackupExcludeMode: 'data' });
    expect((await channel.checkQueue('e2e.answers')).messageCount).toBe(0);
    await channel.close();
    await settled(product);
    for (const queue of ['backup-awareness.ingest.dead', 'ovirt.unrouted'])
      expect(await product.broker.depth(queue)).toBe(0);
  });
});
