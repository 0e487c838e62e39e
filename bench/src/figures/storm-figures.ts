import { setTimeout as sleep } from 'node:timers/promises';
import { changeSetting, fillLog } from '../engines.js';
import { atMost, type FigureGroup } from '../figure.js';
import { clearTables, type Stage } from '../stage.js';
import { median, spread } from '../statistics.js';

const ENGINES = 10_000;
const ROUNDS = 3;
/** One second: every engine's last full backup is older. */
const SHORTEST_DAYS = '0.0000116';

/** All engines become stale at once: from the check that decides so until the last alert is in the audit log. */
export const storm: FigureGroup = {
  name: 'storm',
  async measure(stage) {
    const { services, signal, progress } = stage;
    await clearTables(stage);
    await fillLog(stage, { engines: ENGINES, from: 0, to: 4 * ENGINES });
    // Ingest, too: what lies in its queue, be it audit's probes, holds up the first check.
    const all = Object.values(services);
    await Promise.all(all.map((service) => service.start(signal)));
    const seconds: number[] = [];
    for (let round = 1; round <= ROUNDS; round++) {
      const title = `storm, round ${round} of ${ROUNDS}: ${ENGINES.toLocaleString('en')} alerts`;
      seconds.push(await progress.step(title, () => raiseAll(stage), 'measured'));
      const since = await lastRecorded(stage);
      await changeSetting(stage, 'BackupAlertPeriodInDays', '1');
      await untilRecorded(stage, 'BackupAlertCleared', since);
    }
    await Promise.all(all.map((service) => service.stop()));
    return [
      {
        name: 'storm_10k_s',
        what: `s from the check in which ${ENGINES} engines become stale until all alerts are in audit_log`,
        ours: median(seconds),
        other: null,
        target: atMost(2),
        note: spread(seconds, 2),
      },
    ];
  },
};

async function raiseAll(stage: Stage): Promise<number> {
  const since = await lastRecorded(stage);
  await changeSetting(stage, 'BackupAlertPeriodInDays', SHORTEST_DAYS);
  const recordedAtMs = await untilRecorded(stage, 'BackupAlertRaised', since);
  const { rows } = await stage.database.query<{ ms: number }>(
    `SELECT date_part('epoch', max(decided_at)) * 1000 AS ms FROM alert WHERE cleared_at IS NULL`,
  );
  return (recordedAtMs - rows[0]!.ms) / 1_000;
}

async function lastRecorded({ database }: Stage): Promise<string> {
  const { rows } = await database.query<{ last: string }>(
    'SELECT coalesce(max(audit_log_id), 0) AS last FROM audit_log',
  );
  return rows[0]!.last;
}

/**
 * Reads only what came after `since`, and not too often: polling takes processor time from what is measured.
 *
 * @returns when an event of each engine was recorded, by the database's clock, in ms since 1970
 */
async function untilRecorded(
  { database, signal }: Stage,
  name: string,
  since: string,
): Promise<number> {
  for (;;) {
    const { rows } = await database.query<{ count: number; ms: number }>(
      `SELECT count(*)::int AS count, date_part('epoch', clock_timestamp()) * 1000 AS ms
       FROM audit_log WHERE audit_log_id > $1 AND event_name = $2`,
      [since, name],
    );
    if (rows[0]!.count >= ENGINES) return rows[0]!.ms;
    await sleep(50, undefined, { signal });
  }
}
