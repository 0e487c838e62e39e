import { eventually, hoursAgo } from '@backup-awareness/testing';
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
import { reportFigure, timed } from './figures.js';
import { startProduct, THIS_HOST, type ProductOnTestServers } from './product.js';

const TOO_OLD = 'ENGINE_NO_WARM_BACKUP';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

let engines = 0;
const newEngine = () => `engine-${(engines += 1)}.example.com`;

async function set(assignment: string): Promise<void> {
  const { code, stderr } = await product.cli('config', '-s', assignment);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
}

async function storedValues(): Promise<unknown[]> {
  return product.query(`SELECT option_name, option_value FROM vdc_options ORDER BY option_name`);
}

describe('BackupCheckPeriodInHours', () => {
  it('-1 clears every alert, and a period set again raises them', async () => {
    const [missing, old] = [newEngine(), newEngine()];
    await addEngine(product, missing);
    await addEngine(product, old);
    await product.reportFullBackup(old, { done_at: hoursAgo(50) });
    await raisedAlert(product, old, TOO_OLD);
    await raisedAlert(product, THIS_HOST);
    const before = await product.cliJson<ListedAlert[]>('alerts', 'list');
    expect(before.map(({ fqdn }) => fqdn).sort()).toEqual([missing, old, THIS_HOST].sort());

    await set('BackupCheckPeriodInHours=-1');
    const clearedAfterMs = await timed(() =>
      eventually(async () => {
        for (const { fqdn, alert_id: id } of before) {
          const alert = (await alertsOf(product, fqdn)).find((one) => one.alert_id === id);
          expect(alert!.cleared).toMatchObject({ reason: 'disabled' });
        }
      }),
    );
    expect(await product.cliJson('alerts', 'list')).toEqual([]);
    expect((await product.cli('check')).code).toBe(3);

    await set('BackupCheckPeriodInHours=6');
    const raisedAfterMs = await timed(async () => {
      for (const { fqdn, alert } of before) await raisedAlert(product, fqdn, alert);
    });
    reportFigure('from disabling the feature until all alerts are cleared', [clearedAfterMs]);
    reportFigure('from enabling it again until all alerts are raised', [raisedAfterMs]);
    const after = await product.cliJson<ListedAlert[]>('alerts', 'list');
    const known = new Set(before.map(({ alert_id: id }) => id));
    expect(after.filter(({ alert_id: id }) => known.has(id))).toEqual([]);
    expect((await product.cli('check')).code).toBe(2);
  });

  it('-1 still stores reports, which count afterwards', async () => {
    const fqdn = newEngine();
    const alert = await addEngine(product, fqdn);
    await set('BackupCheckPeriodInHours=-1');
    await clearedAlert(product, alert);
    await product.reportFullBackup(fqdn);
    await stored(product, fqdn, 2);
    await set('BackupCheckPeriodInHours=6');
    await decisionOfAll(product);
    expect(await activeKinds(product, fqdn)).toEqual([]);
    expect(await alertsOf(product, fqdn)).toHaveLength(1);
  });

  it('of one second causes a check every second: alerts are raised without a change or report', async () => {
    const fqdn = newEngine();
    await product.reportFullBackup(fqdn, {
      done_at: new Date(Date.now() - 86_396_000).toISOString(),
    });
    await set('BackupCheckPeriodInHours=0.000278');
    await raisedAlert(product, fqdn, TOO_OLD);
    await eventually(async () => {
      const [row] = await product.query<{ count: number }>(
        `SELECT count(*)::int AS count FROM audit_log WHERE log_type_name = 'BackupCheckCompleted'`,
      );
      expect(row!.count).toBeGreaterThan(3);
    });
    await set('BackupCheckPeriodInHours=6');
  });

  it.each([
    '0',
    '-2',
    '-1.0',
    '0.0001',
    'x',
    '1e999',
    '1e3',
    '0x10',
    'NaN',
    'Infinity',
    '',
    ' ',
    '8761',
  ])('refuses "%s" with a helpful line, and stays unchanged', async (value) => {
    const before = await storedValues();
    const { code, stdout, stderr } = await product.cli(
      'config',
      '-s',
      `BackupCheckPeriodInHours=${value}`,
    );
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^[^\n]*BackupCheckPeriodInHours: expected a plain decimal number of hours[^\n]*-1[^\n]*, got [^\n]+\n$/,
    );
    expect(await storedValues()).toEqual(before);
  });
});

describe('config', () => {
  it.each([
    ['BackupAlertPeriodInDays=0', /BackupAlertPeriodInDays: expected .* above 0/],
    ['BackupAlertPeriodInDays=-1', /BackupAlertPeriodInDays: expected/],
    ['BackupExcludeMode=table', /restore fails on archives made with it.*add --force/],
    ['BackupExcludedTables=job,step', /all or none of async_tasks/],
    ['BackupExcludeMode=everything', /BackupExcludeMode: expected data or table, got/],
    [
      'BackupLogRetentionInDays=0',
      /BackupLogRetentionInDays: expected a plain decimal number of days/,
    ],
    ['BackupExcludedTables=job;DROP', /BackupExcludedTables: expected names of tables/],
    ['BackupCheckPeriod=6', /BackupCheckPeriodInHours/],
    ['NoSuchKey=1', /BackupCheckPeriodInHours, BackupAlertPeriodInDays/],
    ['BackupCheckPeriodInHours', /expected KEY=VALUE/],
  ])('refuses %s with exit code 2 and one helpful line', async (assignment, line) => {
    const before = await storedValues();
    const { code, stdout, stderr } = await product.cli('config', '-s', assignment);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(line);
    expect(await storedValues()).toEqual(before);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('records who changed what, from which value to which', async () => {
    await product.cliJson('config', '-s', 'BackupExcludeMode=table', '--force', '--by', 'Jane Doe');
    await product.cliJson('config', '-s', 'BackupExcludeMode=data', '--by', 'John Doe');
    await eventually(async () => {
      const rows = await product.query(
        `SELECT custom_data->>'who' AS who, custom_data->>'from' AS "from", custom_data->>'to' AS "to", message
         FROM audit_log WHERE log_type_name = 'SettingChanged' AND custom_data->>'what' = 'BackupExcludeMode'
         ORDER BY audit_log_id`,
      );
      expect(rows).toEqual([
        {
          who: 'Jane Doe',
          from: 'data',
          to: 'table',
          message: expect.stringMatching(/Jane Doe.*BackupExcludeMode/),
        },
        {
          who: 'John Doe',
          from: 'table',
          to: 'data',
          message: expect.stringMatching(/John Doe.*BackupExcludeMode/),
        },
      ]);
    });
  });
});

describe('BackupAlertPeriodInDays', () => {
  it('clears an alert when it is extended, and raises it again when it is set back', async () => {
    const fqdn = newEngine();
    await product.reportFullBackup(fqdn, { done_at: hoursAgo(25) });
    await decisionOfAll(product);
    const alert = await raisedAlert(product, fqdn, TOO_OLD);
    await set('BackupAlertPeriodInDays=1.5');
    const tookMs = await timed(async () =>
      expect((await clearedAlert(product, alert)).cleared.reason).toBe('period_extended'),
    );
    reportFigure('from extending the period until the alert is cleared', [tookMs]);
    await set('BackupAlertPeriodInDays=1');
    const again = await raisedAlert(product, fqdn, TOO_OLD);
    expect(again.raised).toMatchObject({ sequence: 3, alert_period_days: 1 });
  });
});

describe("an engine's own alert period", () => {
  it('applies to that engine alone, until it is removed', async () => {
    const [one, other] = [newEngine(), newEngine()];
    for (const fqdn of [one, other])
      await product.reportFullBackup(fqdn, { done_at: hoursAgo(30) });
    await decisionOfAll(product);
    const alert = await raisedAlert(product, one, TOO_OLD);
    await product.cliJson('engines', 'set', one, '--alert-period', '2');
    expect((await clearedAlert(product, alert)).cleared.reason).toBe('period_extended');
    expect(await activeKinds(product, other)).toEqual([TOO_OLD]);
    await product.cliJson('engines', 'set', one, '--alert-period', 'default');
    await raisedAlert(product, one, TOO_OLD);
    await eventually(async () => {
      const rows = await product.query(
        `SELECT custom_data->>'from' AS "from", custom_data->>'to' AS "to" FROM audit_log
         WHERE log_type_name = 'SettingChanged' AND fqdn = $1 ORDER BY audit_log_id`,
        [one],
      );
      expect(rows).toHaveLength(2);
      expect(rows[0]).toMatchObject({ to: '2' });
      expect(rows[1]).toMatchObject({ from: '2' });
    });
  });

  it.each(['0', '-1', 'x', ''])('cannot be "%s"', async (period) => {
    const { code, stderr } = await product.cli(
      'engines',
      'set',
      THIS_HOST,
      `--alert-period=${period}`,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/--alert-period-days: expected a plain decimal number of days above 0/);
  });
});
