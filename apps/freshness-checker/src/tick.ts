import { backupCheckCompleted, readFreshnessSettings } from '@backup-awareness/contracts';
import { enqueue, inTransaction, type SqlRunner } from '@backup-awareness/database';
import {
  clockBehindMessage,
  decidingTime,
  hoursToMs,
  planTick,
  type DueReason,
  type TickSituation,
} from '@backup-awareness/freshness';
import type { DataSource } from 'typeorm';
import { instant } from './alert-events.js';
import {
  readCheckerState,
  recordCheck,
  type CheckCounts,
  type CheckerState,
  type StageInstants,
} from './checker-state.js';
import { decideEngines, eventsOf, isUnknown, type DecidedEngine } from './decide-engines.js';
import { readEngines } from './engine-row.js';
import { holdLease, type Lease } from './lease.js';
import { recordDecisions } from './record-decisions.js';
import { removeOverRuns } from './remove-over-runs.js';
import { writeHeartbeat } from './write-heartbeat.js';

export interface TickRequest extends Pick<
  TickSituation,
  'becameLeader' | 'mayCheck' | 'decidedBy'
> {
  readonly lease: Lease;
}

export interface TickResult {
  readonly decided: readonly DecidedEngine[];
  /** Why this tick was a check; null if it was not. */
  readonly checkReason: DueReason | null;
  readonly decidedBy: string | undefined;
  /** As read at its start. */
  readonly stages: StageInstants;
  /** Whether a heartbeat was written. */
  readonly isHeartbeat: boolean;
  /** Whether events were pending in the outbox before this tick. */
  readonly hadPendingEvents: boolean;
  /** Why nothing was decided, though the lease is held. */
  readonly unreadyReason?: string;
}

/**
 * One transaction of the leader: holds the lease, reads one `now`, decides engines, and writes the decisions with their events.
 *
 * Decides all engines if a check is due or a setting has changed; otherwise those with an active alert, and those that an administrator
 * has changed. It also decides the runs of these engines that may be open. While the time is unknown or a setting is invalid it raises,
 * clears and checks nothing, and the result has the reason. Once a minute it writes a heartbeat.
 *
 * @throws if data cannot be read, or the lease is lost
 */
export async function tick(dataSource: DataSource, request: TickRequest): Promise<TickResult> {
  return inTransaction(dataSource, async (transaction) => {
    await holdLease(transaction, request.lease);
    const state = await readCheckerState(transaction);
    const time = decidingTime(state.clockAt, state.latestAt);
    if (!time.isKnown) return undecided(request, state, clockBehindMessage(instant(time.latestAt)));
    const read = readFreshnessSettings(state.options);
    if (!read.ok)
      return undecided(request, state, `a setting cannot be read: ${read.invalid.reason}`);
    const { checkPeriodHours, alertPeriodDays, stuckAfterHours } = read.value;
    const { now } = time;
    const { lastCheckAt } = state;
    const general = { days: alertPeriodDays, changedAt: state.generalPeriodChangedAt };
    const checkPeriodMs = checkPeriodHours === null ? null : hoursToMs(checkPeriodHours);
    const stuckAfterMs = stuckAfterHours === null ? null : hoursToMs(stuckAfterHours);
    const plan = planTick({ ...request, now, lastCheckAt, checkPeriodMs, general, stuckAfterMs });

    const { engines, runs } = await readEngines(transaction, plan.which, general);
    const { which, featureEnabled } = plan;
    const decided = decideEngines(engines, { now, which, featureEnabled, stuckAfterMs });
    await recordDecisions(transaction, decided);
    if (which === 'all') await removeOverRuns(transaction, runs, now);
    const { checkReason, nextCheckAt, decidedBy } = plan;
    if (checkReason !== null) {
      const check = { now, nextCheckAt, lastCheckAt, reason: checkReason };
      await completeCheck(transaction, decided, check);
    }
    // Last, since audit and the relay update the same row: it is locked until the commit.
    const isHeartbeat = await writeHeartbeat(transaction, state);
    const { stages, hasPendingEvents: hadPendingEvents } = state;
    return { decided, checkReason, decidedBy, stages, isHeartbeat, hadPendingEvents };
  });
}

function undecided(
  { decidedBy }: TickRequest,
  { stages, hasPendingEvents: hadPendingEvents }: CheckerState,
  unreadyReason: string,
): TickResult {
  const nothing = { decided: [], checkReason: null, isHeartbeat: false };
  return { ...nothing, decidedBy, stages, hadPendingEvents, unreadyReason };
}

interface Check {
  readonly now: number;
  readonly nextCheckAt: number | null;
  readonly lastCheckAt: number | null;
  readonly reason: DueReason;
}

async function completeCheck(
  transaction: SqlRunner,
  decided: readonly DecidedEngine[],
  { now, nextCheckAt, lastCheckAt, reason }: Check,
): Promise<void> {
  const counts = countsOf(decided);
  await recordCheck(transaction, { checkedAt: now, nextCheckAt, ...counts });
  const event = backupCheckCompleted({
    who: 'freshness-checker',
    what: 'check',
    from: lastCheckAt === null ? null : instant(lastCheckAt),
    to: instant(now),
    when: instant(now),
    reason,
    engines: counts.engines,
    fresh: counts.fresh,
    no_full_backup: counts.noFullBackup,
    no_warm_backup: counts.noWarmBackup,
    raised: counts.raised,
    cleared: counts.cleared,
    unknown: counts.unknown,
    next_check_at: nextCheckAt === null ? null : instant(nextCheckAt),
  });
  await enqueue(transaction, [event]);
}

function countsOf(decided: readonly DecidedEngine[]): CheckCounts {
  const monitored = decided.filter(({ engine }) => !engine.facts.retired);
  const withAlert = (alert: string) =>
    monitored.filter(({ decision }) => decision.state.active?.alert === alert).length;
  const events = decided.flatMap(eventsOf);
  const noFullBackup = withAlert('ENGINE_NO_FULL_BACKUP');
  const noWarmBackup = withAlert('ENGINE_NO_WARM_BACKUP');
  const unknown = monitored.filter(({ decision }) => isUnknown(decision)).length;
  return {
    engines: monitored.length,
    fresh: monitored.length - noFullBackup - noWarmBackup - unknown,
    noFullBackup,
    noWarmBackup,
    unknown,
    raised: events.filter(({ type }) => type === 'BackupAlertRaised').length,
    cleared: events.filter(({ type }) => type === 'BackupAlertCleared').length,
  };
}
