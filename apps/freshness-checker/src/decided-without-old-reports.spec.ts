import { planTick } from '@backup-awareness/freshness';
import { dataSourceFor, OLD_REPORTS } from '@backup-awareness/database';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { decideEngines } from './decide-engines.js';
import { readEngines } from './engine-row.js';

describe('decisions', () => {
  let database: TestDatabase;
  let ingest: DataSource;

  beforeAll(async () => {
    database = await createTestDatabase();
    ingest = await dataSourceFor(database.urls.ingest).initialize();
  });
  afterAll(async () => {
    await ingest?.destroy();
    await database?.drop();
  });

  /** 300 engines with up to 25 reports of all outcomes and scopes over 1,000 days, some late, some by a wrong clock. */
  const drawReports = () =>
    database.owner.query(
      `INSERT INTO engine_backup_log
         (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT fqdn, event_id, scope, done_at, passed, '', '', received_at, least(done_at, received_at)
       FROM (
         SELECT format('engine-%s.example.com', engine) AS fqdn, format('%s-%s', engine, report) AS event_id,
           (ARRAY['db', 'files', 'dwhdb'])[1 + floor(random() * 3)] AS scope,
           (ARRAY[true, true, false, NULL])[1 + floor(random() * 4)] AS passed,
           received_at, received_at - (random() - 0.2) * interval '300 days' AS done_at
         FROM generate_series(1, 300) engine, generate_series(1, 25) report,
           LATERAL (SELECT date_trunc('day', now()) - floor(random() * 1000 + report * 0) * interval '1 day' AS received_at) at
         WHERE random() < (engine % 10) / 10.0
       ) drawn`,
    );

  const decideAll = async (now: number) => {
    const general = { days: 500, changedAt: null };
    const engines = await readEngines(database.owner.manager, 'all', general);
    const plan = planTick({
      now,
      general,
      lastCheckAt: null,
      checkPeriodMs: 3_600_000,
      becameLeader: true,
      mayCheck: true,
      decidedBy: undefined,
    });
    return decideEngines(engines, now, plan).map(({ engine, decision }) => ({
      facts: engine.facts,
      outcome: decision.outcome,
      reason: decision.reason,
    }));
  };

  it('are the same after old reports were removed', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn, watched_since)
       SELECT format('engine-%s.example.com', i), now() - interval '1000 days' FROM generate_series(1, 300) i`,
    );
    await drawReports();
    const now = Date.now();
    const before = await decideAll(now);
    expect(new Set(before.map(({ outcome }) => outcome)).size).toBeGreaterThan(1);

    let removed = 0;
    let next: string | null = null;
    do {
      const step = await OLD_REPORTS.removeStep(ingest, next);
      removed += step.removed;
      next = step.next;
    } while (next !== null);
    expect(removed).toBeGreaterThan(500);
    expect(await decideAll(now)).toEqual(before);
  });
});
