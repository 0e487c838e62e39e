import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@backup-awareness/testing';
import { startProduct, type ProductOnTestServers } from './product.js';
import { settled } from './settled.js';

let product: ProductOnTestServers;
let folder: string;
beforeAll(async () => {
  product = await startProduct();
  folder = mkdtempSync(join(tmpdir(), 'dead-letters-'));
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Letter {
  readonly id: string;
  readonly queue: string;
  readonly reason: string;
  readonly received_at: string;
}

const letters = () => product.cliJson<Letter[]>('dead-letters', 'list');

/** The letters once nothing waits for ingest and audit any more. */
async function lettersAfterwards(): Promise<Letter[]> {
  await settled(product);
  return letters();
}

test('a report that was not authorised is accepted once the engine’s broker user has been put right', async () => {
  const fqdn = 'mistaken.example.com';
  const user = ['--broker-user', `mistaken-${product.broker.vhost}`];
  const password = ['--password-file', join(folder, 'password')];
  await product.cli('engines', 'add', fqdn, ...user, ...password);
  await product.reportFullBackup(fqdn);
  const refused = await lettersAfterwards();
  expect(refused.map(({ queue }) => queue).toSorted()).toEqual([
    'audit',
    'audit',
    'ingest',
    'ingest',
  ]);
  for (const { reason } of refused) expect(reason).toMatch(/^not authorised/);

  await product.cli('engines', 'set', fqdn, '--no-broker-user');
  const replayed = await product.cliJson(
    'dead-letters',
    'replay',
    '--all',
    '--comment',
    'its user was wrong',
  );
  expect(replayed).toEqual({ replayed: 4, not_replayed: [], not_found: [] });

  expect(await lettersAfterwards()).toEqual([]);
  const stored = await product.query<{ scope: string; received_at: Date }>(
    'SELECT scope, received_at FROM engine_backup_log WHERE fqdn = $1 ORDER BY scope',
    [fqdn],
  );
  expect(stored.map(({ scope }) => scope)).toEqual(['db', 'files']);
  const arrivals = refused.map(({ received_at: at }) => Math.floor(Date.parse(at)));
  for (const { received_at: at } of stored) expect(arrivals).toContain(at.getTime());
  await eventually(async () => {
    const audited = await product.query(
      `SELECT custom_data ->> 'id' AS id, message FROM audit_log WHERE log_type_name = 'DeadLetterReplayed'`,
    );
    expect(audited.map(({ id }) => id).toSorted()).toEqual(refused.map(({ id }) => id).toSorted());
    expect(audited[0]?.message).toContain('its user was wrong');
  });
});

test('an invalid report that is replayed becomes the same letter, with its first arrival, however often', async () => {
  const key = 'ENGINE_BACKUP_COMPLETED.db';
  await product.client.publish('ovirt.engine-backup', key, { fqdn: 'no', done_at: 'yesterday' });
  const first = await lettersAfterwards();
  expect(first.map(({ queue }) => queue).toSorted()).toEqual(['audit', 'ingest']);
  for (let round = 1; round <= 2; round++) {
    expect(await product.cliJson('dead-letters', 'replay', '--all')).toMatchObject({ replayed: 2 });
    const again = await lettersAfterwards();
    const identity = ({ id, queue, received_at: at }: Letter) => [id, queue, Date.parse(at)];
    expect(again.map(identity).toSorted()).toEqual(first.map(identity).toSorted());
  }
  const { stdout } = await product.cli('check');
  expect(stdout).toContain('2 dead letters (backup-awareness dead-letters list)');
  await product.cli('dead-letters', 'discard', '--all', '--comment', 'a test');
  expect(await letters()).toEqual([]);
});
