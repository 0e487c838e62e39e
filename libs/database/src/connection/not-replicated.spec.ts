import { exampleReport, startLonePrimary, type LonePrimary } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { recordAudit } from '../audit/record-audit.js';
import { logReports } from '../reports/log-reports.js';
import { dataSourceFor } from './data-source-for.js';
import { inTransaction } from './in-transaction.js';

const NOT_REPLICATED = { message: expect.stringContaining('the wait for the standby was ended') };

describe('given a synchronous standby that does not answer', () => {
  let primary: LonePrimary;
  let ingest: DataSource;
  let audit: DataSource;
  beforeAll(async () => {
    primary = await startLonePrimary();
    const { urls } = primary.database;
    ingest = await dataSourceFor(urls.ingest).initialize();
    audit = await dataSourceFor(urls.audit).initialize();
  }, 120_000);
  afterAll(async () => {
    await ingest?.destroy();
    await audit?.destroy();
    await primary?.stop();
  }, 60_000);
  beforeEach(() => primary.haveCommitsWait(true));
  afterEach(() => primary.haveCommitsWait(false));

  /** Ends the waits of commits until `work` has settled. @returns its error, if any */
  async function withEndedWaits(work: Promise<unknown>): Promise<unknown> {
    let isSettled = false;
    const outcome = work
      .catch((error: unknown) => error)
      .finally(() => {
        isSettled = true;
      });
    while (!isSettled) await primary.endWaits();
    return outcome;
  }

  const stored = async (): Promise<number> =>
    (await primary.database.owner.query('SELECT FROM engine_backup_log')).length;

  const event = {
    logTime: '2026-11-23T01:10:42Z',
    logTypeName: 'ENGINE_BACKUP_COMPLETED',
    logType: 1,
    severity: 0,
    message: '',
    origin: '/engines/engine.example.com',
    eventId: 'a',
    eventName: 'ENGINE_BACKUP_COMPLETED',
    customData: '{}',
    correlationId: null,
    fqdn: 'engine.example.com',
    alertId: null,
    reportOf: null,
    reportedBy: null,
  };

  it('a transaction whose wait is ended is not taken for committed', async () => {
    const writing = inTransaction(ingest, (manager) =>
      manager.query(`SELECT pg_logical_emit_message(true, '', '')`),
    );
    expect(await withEndedWaits(writing)).toMatchObject(NOT_REPLICATED);
  });

  it('its connection does not return to the pool', async () => {
    const pid = async () => (await ingest.query('SELECT pg_backend_pid() AS pid'))[0].pid;
    const before = await pid();
    const writing = ingest.query(`SELECT pg_logical_emit_message(true, '', '')`);
    expect(await withEndedWaits(writing)).toMatchObject(NOT_REPLICATED);
    expect(await pid()).not.toBe(before);
  });

  it('a report is not taken for stored, neither the first time nor as a duplicate of itself', async () => {
    const one = exampleReport({ eventId: 'one' });
    const tryIt = () => withEndedWaits(logReports(ingest, [one]));
    // Its engine is registered first.
    while ((await stored()) === 0) expect(await tryIt()).toMatchObject(NOT_REPLICATED);
    expect(await tryIt()).toMatchObject(NOT_REPLICATED);
    await primary.haveCommitsWait(false);
    expect(await logReports(ingest, [one])).toEqual(['duplicate']);
  });

  it('nor is an event of the audit log', async () => {
    for (const _ of ['stored on the primary', 'found there'])
      expect(await withEndedWaits(recordAudit(audit, [event]))).toMatchObject(NOT_REPLICATED);
    await primary.haveCommitsWait(false);
    expect(await recordAudit(audit, [event])).toEqual(['duplicate']);
  });
});
