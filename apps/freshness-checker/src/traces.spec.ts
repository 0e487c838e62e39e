import { cloudEventOf } from '@backup-awareness/contracts';
import { logReports, readOutbox } from '@backup-awareness/database';
import { exampleReport } from '@backup-awareness/testing';
import { partsOf } from './active-alerts/parts-of.js';
import { readActiveAlerts } from './active-alerts/read-active-alerts.js';
import { useTicks } from './spec/use-ticks.js';

describe('the trace of an alert', () => {
  const world = useTicks();
  const { monitored, check, run } = world;
  const fqdn = 'a.example.com';
  const traceOf = (scope: string, run: number) =>
    `00-${run.toString(16).padStart(32, '0')}-${scope === 'db' ? 'd' : 'f'}0f067aa0ba902b7-00`;

  /** A success whose run has this number; the host's clock may be ahead. */
  async function success(scope: string, hoursAgo: number, run: number | null, aheadHours = 0) {
    const at = new Date(Date.now() - hoursAgo * 3_600_000);
    const outcomes = await logReports(world.owner, [
      exampleReport({
        fqdn,
        eventId: `${scope} ${hoursAgo} ${run}`,
        scope,
        isPassed: true,
        doneAt: new Date(at.getTime() + aheadHours * 3_600_000).toISOString(),
        firstReceivedAt: at.toISOString(),
        traceparent: run === null ? null : traceOf(scope, run),
      }),
    ]);
    expect(outcomes).toEqual(['stored']);
  }

  /** The start of a run that does not end. */
  async function started(scope: string, hoursAgo: number, runId: string | null, run: number) {
    const at = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    await logReports(world.owner, [
      exampleReport({
        fqdn,
        eventId: `${scope} ${hoursAgo} ${run}`,
        scope,
        runId,
        isPassed: null,
        doneAt: at,
        firstReceivedAt: at,
        traceparent: traceOf(scope, run),
      }),
    ]);
  }

  async function traces() {
    const events = await readOutbox(world.owner, 100);
    return events
      .filter(({ event }) => event.name.startsWith('BackupAlert'))
      .map(({ event }) => [event.name, event.traceparent ?? null]);
  }

  it('is, once it is cleared, that of the report that completed the full backup', async () => {
    await monitored(fqdn);
    await check();
    await success('files', 0.2, 1);
    await success('db', 0.1, 2);
    await run();
    expect(await traces()).toEqual([
      ['BackupAlertRaised', null],
      ['BackupAlertCleared', traceOf('db', 2)],
    ]);
  });

  it('is, when it is raised, that of the success that became too old', async () => {
    await monitored(fqdn, 72);
    await success('db', 30, 1);
    await success('files', 26, 2);
    await success('files', 2, 3);
    await check();
    expect(await traces()).toEqual([['BackupAlertRaised', traceOf('db', 1)]]);
  });

  it('is found when the clock of the host is ahead', async () => {
    await monitored(fqdn);
    await check();
    await success('db', 0.3, 1, 5);
    await success('files', 0.2, 2, 5);
    await run();
    expect((await traces()).at(-1)).toEqual(['BackupAlertCleared', traceOf('files', 2)]);
  });

  it.each([['run-1'], [null]])(
    'is, when a run is stuck, that of the start that has no end (run_id %s)',
    async (runId) => {
      await monitored(fqdn);
      await success('db', 20, 1);
      await success('files', 20, 1);
      await started('db', 30, null, 2);
      await started('db', 14, runId, 3);
      await started('db', 13, runId, 4);
      await check();
      expect(await traces()).toEqual([['BackupAlertRaised', traceOf('db', 3)]]);
    },
  );

  it.each([
    ['the run has ended', 'run_ended', () => world.report(true, fqdn, 'db', 0, 'run-3')],
    ['a later run has completed', 'later_run', () => success('db', 0.1, 4)],
    ['its alert is off', 'disabled', () => world.option('BackupStuckAfterInHours', '-1')],
  ])('is, once a run is no longer stuck since %s, that of the run', async (_, reason, end) => {
    await monitored(fqdn);
    await success('db', 20, 1);
    await success('files', 20, 2);
    await started('db', 13, 'run-3', 3);
    await check();
    await end();
    await run();
    expect(await traces()).toEqual([
      ['BackupAlertRaised', traceOf('db', 3)],
      ['BackupAlertCleared', traceOf('db', 3)],
    ]);
    expect((await world.alertEvents()).at(-1)!.data.reason).toBe(reason);
  });

  it('is in the answer about active alerts that of the event that raised it', async () => {
    await monitored(fqdn, 72);
    await success('db', 30, 1);
    await success('files', 26, 2);
    await started('db', 13, 'run-3', 3);
    await check();
    const raised = (await readOutbox(world.owner, 100)).flatMap(({ event }) =>
      event.name === 'BackupAlertRaised' ? [cloudEventOf(event)] : [],
    );
    const [answer] = partsOf(await readActiveAlerts(world.checker));
    expect(answer!.alerts).toEqual(raised);
    expect(raised).toMatchObject([
      { traceparent: traceOf('db', 1) },
      { traceparent: traceOf('db', 3) },
    ]);
  });

  it('is none if the report that decided has none', async () => {
    await monitored(fqdn);
    await check();
    await success('db', 0.3, 1);
    await success('files', 0.2, null);
    await run();
    expect((await traces()).at(-1)).toEqual(['BackupAlertCleared', null]);
  });
});
