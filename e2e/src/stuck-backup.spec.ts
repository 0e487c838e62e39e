import { eventually, hoursAgo, report } from '@backup-awareness/testing';
import {
  activeKinds,
  alertsOf,
  clearedAlert,
  decisionOfAll,
  raisedAlert,
  stored,
} from './alerts.js';
import { startProduct, type ProductOnTestServers } from './product.js';

const STUCK = 'ENGINE_BACKUP_STUCK';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
  // An engine without a full backup has an alert, which would hide the warning.
  for (const { fqdn } of await product.cliJson<{ fqdn: string }[]>('engines', 'list'))
    await product.cliJson('engines', 'retire', fqdn);
});
afterAll(() => product?.stop());

const tell = (fqdn: string, status: -1 | 0 | 1, scope: string, hours: number, runId?: string) =>
  product.reportBare({
    ...report({ fqdn, status, scope, done_at: hoursAgo(hours) }),
    ...(runId !== undefined && { run_id: runId }),
  });

/** An engine whose full backup is fresh, and whose later run was killed 13 hours ago. */
async function killed(fqdn: string, runId?: string): Promise<void> {
  await product.reportFullBackup(fqdn, { done_at: hoursAgo(14) });
  for (const scope of ['db', 'files']) await tell(fqdn, 0, scope, 13, runId);
  await stored(product, fqdn, 4);
}

describe('a run that was killed', () => {
  it('is stuck, which is a warning, until the next full backup', async () => {
    const fqdn = 'killed.example.com';
    await killed(fqdn, 'run-1');
    await decisionOfAll(product);
    const alert = await raisedAlert(product, fqdn, STUCK);
    expect(alert.log_type).toBe(0);
    expect(alert.raised).toMatchObject({ run_id: 'run-1', scopes: ['db', 'files'], sequence: 1 });
    expect(Math.abs(Date.parse(alert.raised.since) - Date.parse(hoursAgo(13)))).toBeLessThan(
      300_000,
    );
    expect(await activeKinds(product, fqdn)).toEqual([STUCK]);
    const explained = await product.cli('explain', fqdn);
    expect(explained.stdout).toMatch(/The last full backup is .* old/);
    expect(explained.stdout).toContain('(run run-1) has not ended: db, files. It started at');
    for (const witness of ['witness-1.example.com'])
      await product.cliJson('engines', 'retire', witness);
    // The alert of the retired witness is cleared within two seconds.
    const checked = await eventually(async () => {
      const answer = await product.cli('check');
      expect(answer).toMatchObject({ code: 1, stdout: expect.stringContaining('stuck=1;0;;0') });
      return answer;
    });
    expect(checked.stdout).toContain('a backup does not end: killed.example.com (db, files, for ');

    for (const scope of ['db', 'files']) await tell(fqdn, 0, scope, 0.01, 'run-2');
    for (const scope of ['db', 'files']) await tell(fqdn, 1, scope, 0, 'run-2');
    const { cleared } = await clearedAlert(product, alert);
    expect(cleared).toMatchObject({ reason: 'later_run', sequence: 2 });
    const rows = await product.query(
      `SELECT log_type, severity FROM audit_log WHERE alert_id = $1 ORDER BY severity`,
      [alert.alert_id],
    );
    expect(rows).toEqual([
      { log_type: 0, severity: 0 },
      { log_type: 0, severity: 1 },
    ]);
  });

  it('without a name is stuck for each scope, until that scope ends', async () => {
    const fqdn = 'unnamed.example.com';
    await killed(fqdn);
    await decisionOfAll(product);
    await raisedAlert(product, fqdn, STUCK);
    const alerts = await alertsOf(product, fqdn);
    expect(alerts.map(({ raised }) => [raised.run_id, raised.scopes])).toEqual([
      [undefined, ['db']],
      [undefined, ['files']],
    ]);
    await tell(fqdn, -1, 'db', 0);
    const { cleared } = await clearedAlert(product, alerts[0]!);
    expect(cleared).toMatchObject({ reason: 'run_ended', sequence: 3 });
    expect(await activeKinds(product, fqdn)).toEqual([STUCK]);
  });
});
