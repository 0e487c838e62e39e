import { eventually, hoursAgo, report } from '@backup-awareness/testing';
import {
  activeKinds,
  addEngine,
  alertsOf,
  clearedAlert,
  decisionOfAll,
  raisedAlert,
  stored,
} from './alerts.js';
import { tellFigure, timed } from './figures.js';
import { startProduct, THIS_HOST, type ProductOnTestServers } from './product.js';

const NO_FULL_BACKUP = 'ENGINE_NO_FULL_BACKUP';
const TOO_OLD = 'ENGINE_NO_WARM_BACKUP';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

let engines = 0;
const newEngine = () => `engine-${(engines += 1)}.example.com`;

describe('a first start', () => {
  it('raises "no full backup" for this host within seconds', async () => {
    const tookMs = await timed(() => raisedAlert(product, THIS_HOST, NO_FULL_BACKUP));
    tellFigure('alert for this host, after npm start says that it runs', [tookMs]);
    const [alert] = await alertsOf(product, THIS_HOST);
    expect(alert).toMatchObject({ log_type: 9022, cleared: null, raised: { sequence: 1 } });
    expect(alert!.raised.message).toMatch(/no full backup.*engine-backup --mode=backup/);
  });

  it('runs each service under a broker user and a database role of its own', async () => {
    const sessions = await product.query<{ application_name: string; usename: string }>(
      `SELECT DISTINCT application_name, usename FROM pg_stat_activity
       WHERE datname = current_database() AND usename <> current_user ORDER BY usename`,
    );
    expect(sessions.map(({ usename }) => usename.replace(/^test_[0-9a-f]+_/, ''))).toEqual([
      'audit',
      'checker',
      'ingest',
    ]);
    const connections = (await product.broker.api('GET', 'connections')) as {
      user: string;
      vhost: string;
    }[];
    const users = connections
      .filter(({ vhost }) => vhost === product.broker.vhost)
      .map(({ user }) => user);
    for (const user of ['audit', 'freshness-checker', 'ingest', 'ingest-settings'])
      expect(users).toContain(`${product.broker.vhost}.${user}`);
  });
});

describe('a report', () => {
  it.each([
    [1, true],
    [0, null],
    [-1, false],
  ] as const)('with status %s is stored with is_passed %s', async (status, isPassed) => {
    const fqdn = newEngine();
    const doneAt = hoursAgo(1);
    const data = report({ fqdn, status, done_at: doneAt, output_message: 'Größe: 3 "GB"\n✓' });
    await product.reportBare(data);
    await product.reportCloudEvent(data, `${fqdn}-1`);
    await stored(product, fqdn, 2);
    const rows = await product.query(
      `SELECT scope, done_at, is_passed, output_message, fqdn, log_path, reported_by FROM engine_backup_log
       WHERE fqdn = $1`,
      [fqdn],
    );
    const { output_message, log_path } = data;
    const expected = { scope: 'db', done_at: new Date(doneAt), is_passed: isPassed, fqdn };
    const row = { ...expected, output_message, log_path, reported_by: null };
    expect(rows).toEqual([row, row]);
  });

  it('tells by whom it came where its sender let the broker verify that', async () => {
    const fqdn = newEngine();
    const { username } = new URL(product.endpoints().amqpUrl);
    await product.reportBare(report({ fqdn }), { userId: decodeURIComponent(username) });
    await stored(product, fqdn, 1);
    const rows = await product.query(`SELECT reported_by FROM engine_backup_log WHERE fqdn = $1`, [
      fqdn,
    ]);
    expect(rows).toEqual([{ reported_by: username }]);
  });

  it('is in the audit log, with the type and severity that oVirt has for it', async () => {
    const fqdn = newEngine();
    await product.reportBare(report({ fqdn, status: 0 }));
    await product.reportBare(report({ fqdn, status: 1 }));
    await product.reportBare(report({ fqdn, status: -1, output_message: 'pg_dump: no space' }));
    await eventually(async () => {
      const rows = await product.query(
        `SELECT log_type_name, log_type, severity FROM audit_log WHERE fqdn = $1 ORDER BY log_type`,
        [fqdn],
      );
      expect(rows).toEqual([
        { log_type_name: 'ENGINE_BACKUP_STARTED', log_type: 9024, severity: 0 },
        { log_type_name: 'ENGINE_BACKUP_COMPLETED', log_type: 9025, severity: 0 },
        { log_type_name: 'ENGINE_BACKUP_FAILED', log_type: 9026, severity: 2 },
      ]);
    });
  });
});

describe('the alert "no full backup"', () => {
  it('is not cleared by files alone, and is by db and files', async () => {
    const fqdn = newEngine();
    const alert = await addEngine(product, fqdn);
    await product.reportBare(report({ fqdn, scope: 'files' }));
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([NO_FULL_BACKUP]);
    await product.reportBare(report({ fqdn, scope: 'db' }));
    const { cleared } = await clearedAlert(product, alert);
    expect(cleared).toMatchObject({ alert_id: alert.alert_id, reason: 'full_backup', sequence: 2 });
    expect(await activeKinds(product, fqdn)).toEqual([]);
  });

  it('is cleared within two seconds', async () => {
    const tookMs: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      const fqdn = newEngine();
      const alert = await addEngine(product, fqdn);
      await product.reportBare(report({ fqdn, scope: 'files' }));
      await stored(product, fqdn, 1);
      tookMs.push(
        await timed(async () => {
          await product.reportCloudEvent(report({ fqdn, scope: 'db' }));
          await clearedAlert(product, alert);
        }),
      );
    }
    tellFigure('from publishing the report to the audit log telling of the cleared alert', tookMs);
  });

  it('is cleared by neither started nor failed reports', async () => {
    const fqdn = newEngine();
    await addEngine(product, fqdn);
    for (const status of [0, -1] as const)
      for (const scope of ['db', 'files'])
        await product.reportBare(report({ fqdn, scope, status }));
    await stored(product, fqdn, 4);
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([NO_FULL_BACKUP]);
  });

  it('is not cleared by scopes that make no full backup', async () => {
    const fqdn = newEngine();
    await addEngine(product, fqdn);
    const others = ['grafanadb', 'dwhdb', 'reportsdb', 'cinderlib', 'keycloak', 'managedblock'];
    for (const scope of [...others, 'a-scope_of_2030', 'files'])
      await product.reportBare(report({ fqdn, scope }));
    await stored(product, fqdn, others.length + 2);
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([NO_FULL_BACKUP]);
  });

  it("is not cleared by another engine's full backup", async () => {
    const [one, other] = [newEngine(), newEngine()];
    const alert = await addEngine(product, one);
    await addEngine(product, other);
    await product.reportFullBackup(one);
    await clearedAlert(product, alert);
    await decisionOfAll(product);
    expect(await activeKinds(product, other)).toEqual([NO_FULL_BACKUP]);
  });

  it('is not cleared by db of one engine and files of another', async () => {
    const [one, other] = [newEngine(), newEngine()];
    await addEngine(product, one);
    await addEngine(product, other);
    await product.reportBare(report({ fqdn: one, scope: 'db' }));
    await product.reportBare(report({ fqdn: other, scope: 'files' }));
    await decisionOfAll(product);
    expect(await activeKinds(product, one)).toEqual([NO_FULL_BACKUP]);
    expect(await activeKinds(product, other)).toEqual([NO_FULL_BACKUP]);
  });

  it('is cleared whatever capitals and trailing dots the host name is written with', async () => {
    const fqdn = newEngine();
    const alert = await addEngine(product, fqdn);
    await product.reportBare(report({ fqdn: `${fqdn.toUpperCase()}.`, scope: 'files' }));
    await product.reportCloudEvent(report({ fqdn: fqdn.replace('engine', 'Engine') }));
    expect((await clearedAlert(product, alert)).cleared.reason).toBe('full_backup');
    await stored(product, fqdn, 2);
    const known = await product.query(`SELECT fqdn FROM engine WHERE lower(fqdn) LIKE $1`, [
      `${fqdn}%`,
    ]);
    expect(known).toEqual([{ fqdn }]);
  });

  it('is raised at the next check for an engine that makes itself known by a report', async () => {
    const fqdn = newEngine();
    await product.reportBare(report({ fqdn, status: 0 }));
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([NO_FULL_BACKUP]);
  });
});

describe('the alert "too old"', () => {
  it('comes in the place of "no full backup" with a full backup of two days ago', async () => {
    const fqdn = newEngine();
    const alert = await addEngine(product, fqdn);
    await product.reportFullBackup(fqdn, { done_at: hoursAgo(48) });
    const tooOld = await raisedAlert(product, fqdn, TOO_OLD);
    const { cleared } = await clearedAlert(product, alert);
    expect(cleared).toMatchObject({ reason: 'superseded', sequence: 2 });
    expect(tooOld).toMatchObject({ log_type: 9023, raised: { sequence: 3, alert_period_days: 1 } });
    expect(tooOld.alert_id).not.toBe(alert.alert_id);
    expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
  });

  describe('with one day allowed', () => {
    const AGES = [
      { hours: 48, alerts: [TOO_OLD] },
      { hours: 25, alerts: [TOO_OLD] },
      { hours: 23, alerts: [] },
      { hours: 0, alerts: [] },
    ];
    beforeAll(async () => {
      for (const { hours } of AGES)
        await product.reportFullBackup(`age-${hours}.example.com`, { done_at: hoursAgo(hours) });
      await decisionOfAll(product);
    });

    it.each(AGES)(
      'a full backup of $hours hours ago brings $alerts at the next check',
      async ({ hours, alerts }) => {
        expect(await activeKinds(product, `age-${hours}.example.com`)).toEqual(alerts);
      },
    );
  });

  it('goes by the older of db and files', async () => {
    const fqdn = newEngine();
    await product.reportBare(report({ fqdn, scope: 'db' }));
    await product.reportBare(report({ fqdn, scope: 'files', done_at: hoursAgo(30) }));
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
  });

  it('goes by the latest success, in whatever order reports come', async () => {
    const fqdn = newEngine();
    await product.reportFullBackup(fqdn);
    await product.reportFullBackup(fqdn, { done_at: hoursAgo(72) });
    await product.reportBare(report({ fqdn, status: -1 }));
    await product.reportBare(report({ fqdn, scope: 'files', status: 0 }));
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([]);
  });

  it('is cleared by a fresh full backup', async () => {
    const fqdn = newEngine();
    await product.reportFullBackup(fqdn, { done_at: hoursAgo(48) });
    await decisionOfAll(product);
    const alert = await raisedAlert(product, fqdn, TOO_OLD);
    await product.reportFullBackup(fqdn);
    expect((await clearedAlert(product, alert)).cleared.reason).toBe('full_backup');
  });
});

describe('a wrong clock of an engine host', () => {
  it('that says 2099 silences nothing: the backup counts from when it was received', async () => {
    const fqdn = newEngine();
    const alert = await addEngine(product, fqdn);
    await product.reportFullBackup(fqdn, { done_at: '2099-01-01T00:00:00Z' });
    await clearedAlert(product, alert);
    // Less than a second is allowed: what is of 2099 would be fresh, what has just come is too old soon.
    await product.cliJson('engines', 'set', fqdn, '--alert-period', '0.00001');
    await eventually(async () => {
      await decisionOfAll(product);
      expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
    });
  });

  it('is taken out of the reckoning where the message tells when it was sent', async () => {
    const fqdn = newEngine();
    // By a clock that is 24 hours ahead, 30 hours after the backup.
    const timestamp = Math.floor(Date.now() / 1000) + 24 * 3600;
    const done_at = hoursAgo(6);
    for (const scope of ['db', 'files'])
      await product.reportBare(report({ fqdn, scope, done_at }), { timestamp });
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
  });

  it('of 2099 in both hides no old backup', async () => {
    const fqdn = newEngine();
    const timestamp = Date.UTC(2099, 0, 5) / 1000;
    const done_at = '2099-01-03T00:00:00Z';
    for (const scope of ['db', 'files'])
      await product.reportCloudEvent(report({ fqdn, scope, done_at }), undefined, { timestamp });
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
  });
});
