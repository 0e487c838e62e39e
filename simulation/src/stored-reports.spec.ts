import { logReports, type LoggedReport } from '@backup-awareness/database';
import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import fc from 'fast-check';
import { countedAt } from './counted-at.js';
import type { Received } from './timeline.js';
import { applyStep, lastSuccessAt, newWorld } from './world.js';

const BATCHES = 60;
const HOUR_MS = 3_600_000;
/** Before the database's now, so that the receipt is the instant of the first receipt. */
const THEN = Date.UTC(2020, 2, 29, 12);

const near = fc.integer({ min: THEN - 100 * HOUR_MS, max: THEN + 100 * HOUR_MS });
/** Readings of a host's clock. */
const wild = fc.constantFrom(0, 1, THEN, Date.UTC(9999, 11, 31, 23, 59, 59, 999));
const instantMs = fc.oneof({ weight: 5, arbitrary: near }, { weight: 1, arbitrary: wild });
const anyReceived: fc.Arbitrary<Received> = fc.record({
  id: fc.nat(12).map(String),
  engine: fc.nat(2),
  scope: fc.constantFrom('db', 'files', 'dwhdb'),
  status: fc.constantFrom(1 as const, 1 as const, 0 as const, -1 as const),
  receivedAt: near,
  firstReceivedAt: fc.constant(null),
  doneAt: instantMs,
  sentAt: fc.option(instantMs, { freq: 3, nil: null }),
  doneWallAt: fc.constant(THEN),
});

const STATUSES = { '-1': false, 0: null, 1: true } as const;
const instant = (at: number): string => new Date(at).toISOString();

function logged(batch: number, report: Received): LoggedReport {
  return exampleReport({
    fqdn: fqdn(batch, report.engine),
    eventId: report.id,
    scope: report.scope,
    isPassed: STATUSES[report.status],
    doneAt: instant(report.doneAt),
    sentAt: report.sentAt === null ? null : instant(report.sentAt),
    firstReceivedAt: instant(report.receivedAt),
  });
}

const fqdn = (batch: number, engine: number | string): string => `engine-${engine}.batch-${batch}`;
const floorMs = (column: string): string => `floor(extract(epoch FROM ${column}) * 1000)::float8`;

describe('reports in the real database', () => {
  let database: TestDatabase;
  const seed = Math.floor(Math.random() * 2 ** 30);
  const batches = fc.sample(fc.array(anyReceived, { minLength: 1, maxLength: 30 }), {
    numRuns: BATCHES,
    seed,
  });

  beforeAll(async () => {
    database = await createTestDatabase();
    for (const [batch, reports] of batches.entries())
      await logReports(
        database.owner,
        reports.map((report) => logged(batch, report)),
      );
  });
  afterAll(() => database?.drop());

  it(`count when the simulation says (seed ${seed})`, async () => {
    const rows: { fqdn: string; id: string; counted_at: number }[] = await database.owner.query(
      `SELECT fqdn, event_id AS id, ${floorMs('counted_at')} AS counted_at FROM engine_backup_log`,
    );
    const stored = new Map(rows.map((row) => [`${row.fqdn} ${row.id}`, row.counted_at]));
    const expected = new Map<string, number>();
    for (const [batch, reports] of batches.entries())
      for (const report of reports) {
        const key = `${fqdn(batch, report.engine)} ${report.id}`;
        if (!expected.has(key)) expected.set(key, countedAt(report));
      }
    expect(expected.size).toBeGreaterThan(100);
    expect(new Map([...stored].sort())).toEqual(new Map([...expected].sort()));
  });

  it(`make the same last successes as in the simulation (seed ${seed})`, async () => {
    const rows: { fqdn: string; scope: string; at: number }[] = await database.owner.query(
      `SELECT fqdn, scope, ${floorMs('counted_at')} AS at FROM engine_last_success`,
    );
    const expected = batches.flatMap((reports, batch) => {
      const world = newWorld();
      applyStep(world, {
        step: { what: 'ingest starts' },
        at: THEN,
        wallAt: THEN,
        received: reports,
      });
      return world.engines.flatMap((engine) =>
        Object.keys(engine.successesAt).map(
          (scope) =>
            `${fqdn(batch, engine.fqdn.split(/[-.]/)[1]!)} ${scope} ${lastSuccessAt(engine, scope)}`,
        ),
      );
    });
    expect(rows.map((row) => `${row.fqdn} ${row.scope} ${row.at}`).sort()).toEqual(expected.sort());
  });

  it('count by their receipt if the database dates it', async () => {
    const now = Date.now();
    const reports = [0, 1, 48, -48].flatMap((aheadHours) =>
      ['stamped', 'plain'].map((kind) =>
        exampleReport({
          fqdn: 'engine.received.now',
          eventId: `${kind} ${aheadHours}`,
          doneAt: instant(now + (aheadHours - 1) * HOUR_MS),
          sentAt: kind === 'stamped' ? instant(now + aheadHours * HOUR_MS) : null,
        }),
      ),
    );
    await logReports(database.owner, reports);
    const rows: { id: string; done: number; received: number; counted: number }[] =
      await database.owner.query(
        `SELECT event_id AS id, ${floorMs('done_at')} AS done, ${floorMs('received_at')} AS received,
           ${floorMs('counted_at')} AS counted
         FROM engine_backup_log WHERE fqdn = 'engine.received.now'`,
      );
    expect(rows).toHaveLength(8);
    for (const { id, done, received, counted } of rows) {
      const sentAt = id.startsWith('stamped') ? done + HOUR_MS : null;
      expect(counted).toBe(countedAt({ doneAt: done, receivedAt: received, sentAt }));
    }
  });
});
