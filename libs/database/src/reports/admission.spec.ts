import { exampleReport as report } from '@backup-awareness/testing';
import { useIngest } from '../spec/use-ingest.js';
import { logReports, type LoggedReport } from './log-reports.js';

const world = useIngest();

describe('an engine with a broker user', () => {
  const BOUND = 'bound.example.com';
  const own = (fields: Partial<LoggedReport> = {}) =>
    report({ fqdn: BOUND, reportedBy: 'bound-host', ...fields });

  beforeEach(() =>
    world.database.owner.query(`INSERT INTO engine (fqdn, broker_user) VALUES ($1, 'bound-host')`, [
      BOUND,
    ]),
  );

  test('accepts reports from this user, and from no other or unnamed sender', async () => {
    const batch = [
      report({ reportedBy: 'bound-host' }),
      own({ reportedBy: 'other-host' }),
      own(),
      own({ reportedBy: null }),
      own({ reportedBy: '' }),
      report(),
    ];
    expect(await logReports(world.ingest, batch)).toEqual([
      'not_authorised',
      'not_authorised',
      'stored',
      'not_authorised',
      'not_authorised',
      'stored',
    ]);
    const rows = await world.database.owner.query(
      `SELECT reported_by FROM engine_backup_log WHERE fqdn = $1`,
      [BOUND],
    );
    expect(rows).toEqual([{ reported_by: 'bound-host' }]);
  });

  test('refuses another user’s copy of its report, stored before or in the same batch', async () => {
    const mine = own();
    const copy = { ...mine, reportedBy: 'other-host' };
    expect(await logReports(world.ingest, [copy])).toEqual(['not_authorised']);
    expect(await logReports(world.ingest, [copy, mine, copy])).toEqual([
      'not_authorised',
      'stored',
      'not_authorised',
    ]);
    const changed = { ...copy, isPassed: false };
    expect(await logReports(world.ingest, [mine, copy, changed, own()])).toEqual([
      'duplicate',
      'not_authorised',
      'not_authorised',
      'stored',
    ]);
    expect(await world.countRows(`engine_backup_log WHERE reported_by = 'bound-host'`)).toBe(2);
    expect(await world.countRows()).toBe(2);
  });

  test('is one of the only engines that this user may report about', async () => {
    await world.database.owner.query(
      `INSERT INTO engine (fqdn, broker_user) VALUES ('second.example.com', 'bound-host'),
         ('other.example.com', 'other-host'), ('free.example.com', NULL)`,
    );
    const sent = ['second', 'other', 'free', 'unknown'].flatMap((name) =>
      ['bound-host', 'other-host', 'nobody-known', null].map((reportedBy) =>
        report({ fqdn: `${name}.example.com`, reportedBy }),
      ),
    );
    const outcomes = await logReports(world.ingest, sent);
    const stored = sent.filter((_, index) => outcomes[index] === 'stored');
    expect(stored.map(({ fqdn, reportedBy }) => [fqdn.split('.')[0], reportedBy])).toEqual([
      ['second', 'bound-host'],
      ['other', 'other-host'],
      ['free', 'nobody-known'],
      ['free', null],
      ['unknown', 'nobody-known'],
      ['unknown', null],
    ]);
    expect(outcomes.filter((outcome) => outcome === 'not_authorised')).toHaveLength(10);
  });

  test('gets no last success from another user’s report', async () => {
    await world.database.owner.query('TRUNCATE engine_last_success');
    await logReports(world.ingest, [own({ reportedBy: 'other-host' }), report()]);
    expect(await world.database.owner.query('SELECT fqdn FROM engine_last_success')).toEqual([
      { fqdn: 'engine.example.com' },
    ]);
  });
});
