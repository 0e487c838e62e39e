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
import { reportFigure, timed } from './figures.js';
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
    reportFigure('from the page of npm start to the alert for this host', [tookMs]);
    const [alert] = await alertsOf(product, THIS_HOST);
    expect(alert).toMatchObject({ log_type: 9022, cleared: null, raised: { sequence: 1 } });
    expect(alert!.raised.message).toMatch(/no full backup.*engine-backup --mode=backup/);
  });

  it('runs each service with its own broker user and database role', async () => {
    const sessions = await product.query<{ application_name: string; usename: string }>(
      `SELECT DISTINCT application_name, usename FROM pg_stat_activity
       WHERE datname = current_database() AND usename <> current_user ORDER BY usename`,
    );
    const roles = sessions.map(({ usename }) => usename.replace(/^test_[0-9a-f]+_/, ''));
    // The console has a session while somebody asks, or shortly after.
    expect(roles.filter((role) => role !== 'console')).toEqual(['audit', 'checker', 'ingest']);
    const connections = (await product.broker.api('GET', 'connections')) as {
      user: string;
      vhost: string;
    }[];
    const users = connections
      .filter(({ vhost }) => vhost === product.broker.vhost)
      .map(({ user }) => user);
    for (const user of ['audit', 'console', 'freshness-checker', 'ingest', 'ingest-settings'])
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

  it('names its sender if the broker has verified it', async () => {
    const fqdn = newEngine();
    const { username } = new URL(product.endpoints().amqpUrl);
    await product.reportBare(report({ fqdn }), { userId: decodeURIComponent(username) });
    await stored(product, fqdn, 1);
    const rows = await product.query(`SELECT reported_by FROM engine_backup_log WHERE fqdn = $1`, [
      fqdn,
    ]);
    expect(rows).toEqual([{ reported_by: username }]);
  });

  it('is in the audit log, with oVirt’s type and severity for it', async () => {
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
  it('is not cleared by files alone, but by db and files', async () => {
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

  it('is cleared by a full backup, five times', async () => {
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
    reportFigure('from publishing the report to the cleared alert in the audit log', tookMs);
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

  it('is not cleared by scopes that are not part of a full backup', async () => {
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

  it('is cleared by reports with capitals and a trailing dot in the host name', async () => {
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

  it('is raised at the next check for an engine that is registered by a report', async () => {
    const fqdn = newEngine();
    await product.reportBare(report({ fqdn, status: 0 }));
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([NO_FULL_BACKUP]);
  });
});

describe('the alert "too old"', () => {
  it('replaces "no full backup" after a full backup of two days ago', async () => {
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

  describe('with an alert period of one day', () => {
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
      'is $alerts at the next check after a full backup of $hours hours ago',
      async ({ hours, alerts }) => {
        expect(await activeKinds(product, `age-${hours}.example.com`)).toEqual(alerts);
      },
    );
  });

  it('depends on the older of db and files', async () => {
    const fqdn = newEngine();
    await product.reportBare(report({ fqdn, scope: 'db' }));
    await product.reportBare(report({ fqdn, scope: 'files', done_at: hoursAgo(30) }));
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
  });

  it('depends on the latest success, in whatever order reports arrive', async () => {
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
  it('that is in 2099 hides no alert: the backup counts from its receipt', async () => {
    const fqdn = newEngine();
    const alert = await addEngine(product, fqdn);
    await product.reportFullBackup(fqdn, { done_at: '2099-01-01T00:00:00Z' });
    await clearedAlert(product, alert);
    // The alert period is less than a second: a backup of 2099 would be fresh, one just received is soon too old.
    await product.cliJson('engines', 'set', fqdn, '--alert-period', '0.00001');
    await eventually(async () => {
      await decisionOfAll(product);
      expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
    });
  });

  it('is corrected if the message says when it was sent', async () => {
    const fqdn = newEngine();
    // The host's clock is 24 hours ahead, and the backup was 30 hours ago.
    const timestamp = Math.floor(Date.now() / 1000) + 24 * 3600;
    const done_at = hoursAgo(6);
    for (const scope of ['db', 'files'])
      await product.reportBare(report({ fqdn, scope, done_at }), { timestamp });
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
  });

  it('that is in 2099 in both does not hide an old backup', async () => {
    const fqdn = newEngine();
    const timestamp = Date.UTC(2099, 0, 5) / 1000;
    const done_at = '2099-01-03T00:00:00Z';
    for (const scope of ['db', 'files'])
      await product.reportCloudEvent(report({ fqdn, scope, done_at }), undefined, { timestamp });
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([TOO_OLD]);
  });
});
