import { createOvirtDatabase, eventually, type OvirtDatabase } from '@backup-awareness/testing';
import { addEngine, clearedAlert } from './alerts.js';
import { startProduct, type Product } from './product.js';

let product: Product;
let ovirt: OvirtDatabase;
beforeAll(async () => {
  product = await startProduct();
  ovirt = await createOvirtDatabase();
  await ovirt.reset();
});
afterAll(async () => {
  await ovirt?.drop();
  await product?.stop();
});

const importFromOvirt = () =>
  product.cliJson<{ reports: unknown[]; stored: number; already_known: number }>(
    'import',
    '--from-ovirt',
    ovirt.readerUrl,
  );

interface Engine {
  readonly fqdn: string;
  readonly verdict: string;
  readonly last_full_backup_at: string | null;
  readonly active_alerts: unknown[];
}

const engineOf = async (fqdn: string): Promise<Engine | undefined> =>
  (await product.cliJson<Engine[]>('engines', 'list')).find((engine) => engine.fqdn === fqdn);

const FULL_BACKUP = ['db', 'files'];

test('engines whose backups oVirt knows are as fresh as those are, and nobody is alarmed', async () => {
  const [known, unknown, stale] = ['known', 'unknown', 'stale'].map(
    (name) => `${name}.example.com`,
  ) as [string, string, string];
  const alert = await addEngine(product, known);
  for (const scope of FULL_BACKUP) {
    await ovirt.addSuccess({ fqdn: known, scope });
    await ovirt.addSuccess({ fqdn: unknown, scope, doneAt: `now() - interval '3 days'` });
    await ovirt.addSuccess({ fqdn: stale, scope, doneAt: `now() - interval '9 days'` });
    // Its clock was wrong once. That must not make it fresh.
    await ovirt.addSuccess({ fqdn: stale, scope, doneAt: `now() + interval '1 day'` });
  }
  await ovirt.query(
    `UPDATE vdc_options SET option_value = '7' WHERE option_name = 'BackupAlertPeriodInDays'`,
  );

  expect(await importFromOvirt()).toMatchObject({ stored: 6 });

  const cleared = await clearedAlert(product, alert);
  expect(cleared.cleared.reason).toBe('full_backup');
  const lastInOvirt = await ovirt.query(
    `SELECT fqdn, min(done_at) AS at FROM (SELECT DISTINCT ON (fqdn, scope) * FROM engine_backup_log WHERE done_at <= now() ORDER BY fqdn, scope, done_at DESC) last GROUP BY fqdn`,
  );
  const expectedAt = new Map(lastInOvirt.map(({ fqdn, at }) => [fqdn, (at as Date).toISOString()]));
  for (const [fqdn, verdict] of [
    [known, 'fresh'],
    [unknown, 'fresh'],
    [stale, 'too_old'],
  ] as const)
    expect(await engineOf(fqdn)).toMatchObject({
      verdict,
      last_full_backup_at: expectedAt.get(fqdn),
    });

  // A change of settings decides every engine.
  await product.cliJson('config', '-s', 'BackupAlertPeriodInDays=8');
  await eventually(async () => expect((await engineOf(stale))?.active_alerts).toHaveLength(1));
  for (const fqdn of [known, unknown])
    expect(await engineOf(fqdn)).toMatchObject({ verdict: 'fresh', active_alerts: [] });
  const raised = await product.query(
    `SELECT fqdn FROM alert WHERE fqdn = ANY ($1) AND alert_id <> $2`,
    [[known, unknown], alert.alert_id],
  );
  expect(raised).toEqual([]);

  expect(await importFromOvirt()).toMatchObject({ reports: [], already_known: 6 });
});
