import { eventually, report } from '@backup-awareness/testing';
import {
  activeKinds,
  addEngine,
  alertsOf,
  clearedAlert,
  decisionOfAll,
  raisedAlert,
  stored,
  type ListedAlert,
} from './alerts.js';
import { startProduct, type ProductOnTestServers } from './product.js';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

let engines = 0;
const newEngine = () => `engine-${(engines += 1)}.example.com`;

describe('a retired engine', () => {
  it('has its alert cleared, is not revived by reports, and continues its sequence when it is added again', async () => {
    const fqdn = newEngine();
    const alert = await addEngine(product, fqdn);
    await product.cliJson('engines', 'retire', fqdn, '--by', 'Jane Doe');
    const { cleared } = await clearedAlert(product, alert);
    expect(cleared).toMatchObject({ reason: 'engine_retired', sequence: 2 });

    await product.reportBare(report({ fqdn, status: -1 }));
    await stored(product, fqdn, 1);
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([]);

    expect(await product.cliJson('engines', 'add', fqdn, '--by', 'Jane Doe')).toMatchObject({
      outcome: 'revived',
    });
    expect((await raisedAlert(product, fqdn, 'ENGINE_NO_FULL_BACKUP')).raised.sequence).toBe(3);
    await eventually(async () => {
      const rows = await product.query(
        `SELECT log_type_name AS name, custom_data->>'who' AS who, custom_data->>'from' AS "from", custom_data->>'to' AS "to"
         FROM audit_log WHERE fqdn = $1 AND log_type_name LIKE 'Engine%' ORDER BY audit_log_id OFFSET 1`,
        [fqdn],
      );
      expect(rows).toEqual([
        { name: 'EngineRetired', who: 'Jane Doe', from: 'watched', to: 'retired' },
        { name: 'EngineAdded', who: 'Jane Doe', from: 'retired', to: 'watched' },
      ]);
    });
  });
});

describe('the row of an active alert in the audit log', () => {
  it('stays when the alert is dismissed, and cannot be deleted, altered or truncated, even by the owner of the database', async () => {
    const fqdn = newEngine();
    const alert = await addEngine(product, fqdn);
    const id = alert.alert_id;
    await product.cliJson('alerts', 'dismiss', id, '--comment', 'known', '--by', 'Jane Doe');

    const shown = await product.cliJson<ListedAlert[]>('alerts', 'list');
    expect(shown.map((one) => one.alert_id)).not.toContain(id);
    const all = await product.cliJson<ListedAlert[]>('alerts', 'list', '--all');
    expect(all.find((one) => one.alert_id === id)).toMatchObject({
      active: true,
      cleared_at: null,
      dismissed_by: 'Jane Doe',
    });
    expect((await product.cli('check')).code).toBe(2);
    await eventually(async () => {
      const rows = await product.query(
        `SELECT custom_data->>'who' AS who FROM audit_log WHERE alert_id = $1 AND log_type_name = 'AlertDismissed'`,
        [id],
      );
      expect(rows).toEqual([{ who: 'Jane Doe' }]);
    });

    for (const sql of [
      `DELETE FROM audit_log WHERE alert_id = '${id}'`,
      `DELETE FROM audit_log WHERE fqdn = '${fqdn}'`,
      `DELETE FROM audit_log`,
      `TRUNCATE audit_log`,
    ])
      await expect(product.query(sql)).rejects.toThrow(/audit_log: .*active/);
    for (const change of [`message = ''`, `severity = 0`, `alert_id = gen_random_uuid()`])
      await expect(
        product.query(`UPDATE audit_log SET ${change} WHERE alert_id = '${id}'`),
      ).rejects.toThrow('audit_log: rows are never altered');
    expect((await raisedAlert(product, fqdn)).raised).toEqual(alert.raised);

    await product.reportFullBackup(fqdn);
    await clearedAlert(product, alert);
    await expect(
      product.query(
        `DELETE FROM audit_log WHERE alert_id = $1 AND log_type = 9022 AND severity = 0`,
        [id],
      ),
    ).rejects.toThrow(/cannot be deleted without the row that raised it/);
    await product.query(`DELETE FROM audit_log WHERE alert_id = $1 AND log_type = 9022`, [id]);
    expect(await alertsOf(product, fqdn)).toEqual([]);
  });
});
