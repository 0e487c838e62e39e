import { setTimeout as sleep } from 'node:timers/promises';
import { addEngine } from './alerts.js';
import { startProduct, type ProductOnTestServers } from './product.js';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

interface ExplainedAt {
  readonly verdict: string | null;
  readonly watched: boolean | null;
  readonly alert_period_days: number | null;
  readonly active_alerts: readonly { readonly alert: string }[] | null;
}

/** The database's present instant, with a pause before and after it. */
async function instant(): Promise<string> {
  await sleep(50);
  const [row] = await product.query<{ now: Date }>('SELECT clock_timestamp() AS now');
  await sleep(50);
  return row!.now.toISOString();
}

describe('explain --at follows what administrators did, right after they did it', () => {
  it('an engine that its report registered, was retired, and resumed with a period of its own', async () => {
    const fqdn = 'looked-back-on.example.com';
    const before = await instant();
    await product.reportFullBackup(fqdn);
    await product.cliJson('engines', 'add', fqdn);
    const fresh = await instant();
    await product.cliJson('engines', 'retire', fqdn);
    const retired = await instant();
    await product.cliJson('engines', 'add', fqdn);
    await product.cliJson('engines', 'set', fqdn, '--alert-period', '0.0000001');
    const tooOld = await instant();

    const at = (when: string) => product.cliJson<ExplainedAt>('explain', fqdn, '--at', when);
    expect(await at(before)).toMatchObject({ watched: false, verdict: null });
    expect(await at(fresh)).toMatchObject({ verdict: 'fresh', alert_period_days: 1 });
    expect(await at(retired)).toMatchObject({ watched: false, verdict: null });
    expect(await at(tooOld)).toMatchObject({ verdict: 'too_old', alert_period_days: 0.0000001 });

    const month = tooOld.slice(0, 7);
    const report = await product.cliJson<{
      engines: { fqdn: string; covered_seconds: number | null; backups: number }[];
    }>('report', '--month', month);
    const found = report.engines.find((one) => one.fqdn === fqdn);
    expect(found).toMatchObject({ backups: 1, covered_seconds: expect.any(Number) });
  });

  it('a setting, and the alert that was active under it', async () => {
    const fqdn = 'without-backup.example.com';
    await addEngine(product, fqdn);
    const raised = await instant();
    await product.cliJson('config', '-s', 'BackupCheckPeriodInHours=-1');
    const off = await instant();
    const at = (when: string) => product.cliJson<object>('explain', fqdn, '--at', when);
    expect(await at(raised)).toMatchObject({
      enabled: true,
      verdict: 'no_full_backup',
      active_alerts: [{ alert: 'ENGINE_NO_FULL_BACKUP' }],
    });
    expect(await at(off)).toMatchObject({ enabled: false, reason: 'feature_off' });
  });
});
