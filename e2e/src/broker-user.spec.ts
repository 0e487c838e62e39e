import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@backup-awareness/testing';
import { setUpEngineHost, type EngineHost } from './engine-host.js';
import { startProduct, type ProductOnTestServers } from './product.js';
import { settled } from './settled.js';

let product: ProductOnTestServers;
let folder: string;
beforeAll(async () => {
  product = await startProduct();
  folder = mkdtempSync(join(tmpdir(), 'broker-user-'));
});
afterAll(async () => {
  for (const { fqdn } of hosts) await product?.cli('engines', 'retire', fqdn);
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const hosts: EngineHost[] = [];

async function setUp(name: string): Promise<EngineHost> {
  const host = await setUpEngineHost(product, folder, name);
  hosts.push(host);
  return host;
}

const logged = (fqdn: string) =>
  product.query('SELECT scope, reported_by FROM engine_backup_log WHERE fqdn = $1', [fqdn]);
const audited = (fqdn: string) =>
  product.query(
    `SELECT log_type_name FROM audit_log WHERE fqdn = $1 AND log_type_name LIKE 'ENGINE_BACKUP%'`,
    [fqdn],
  );

test('a host can report for its own engine, and for no other', async () => {
  const one = await setUp('one');
  const two = await setUp('two');

  await one.shim('log-event', '--scope', 'db', '--status', '1');
  await two.shim('log-event', '--scope', 'files', '--status', '1', '--fqdn', one.fqdn);
  await product.reportFullBackup(one.fqdn);
  await settled(product);

  expect(await logged(one.fqdn)).toEqual([{ scope: 'db', reported_by: one.user }]);
  expect(await audited(one.fqdn)).toEqual([{ log_type_name: 'ENGINE_BACKUP_COMPLETED' }]);
  for (const queue of ['backup-awareness.ingest.dead', 'backup-awareness.audit.dead']) {
    const dead = await product.broker.drain(queue);
    const headers = dead.map(({ properties }) => properties.headers ?? {});
    expect(headers).toHaveLength(3);
    for (const header of headers)
      expect(header).toMatchObject({
        'x-error-reason': expect.stringMatching(/^not authorised/),
        'x-error-path': 'user_id',
        'x-error-expected': expect.stringContaining('the broker user of that engine'),
      });
    expect(headers.map((header) => header['x-error-got']).sort()).toEqual([
      `"${two.user}"`,
      'nothing',
      'nothing',
    ]);
  }
  expect(await product.cliJson<unknown[]>('engines', 'list')).toContainEqual(
    expect.objectContaining({ fqdn: one.fqdn, last_full_backup_at: null, broker_user: one.user }),
  );
});

test('a host of a retired engine can no longer report, and keeps its reports', async () => {
  const three = await setUp('three');
  await product.cli('engines', 'retire', three.fqdn);
  await three.shim('log-event', '--scope', 'db', '--status', '1').catch(() => undefined);
  await eventually(async () => expect(await logged(three.fqdn)).toEqual([]));
  const said = await three.shim('flush').catch((error: { stderr: string }) => error.stderr);
  expect(JSON.stringify(said)).toMatch(/ACCESS_REFUSED|refus/i);
});
