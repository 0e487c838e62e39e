import {
  backupCheckCompleted,
  readFreshnessSettings,
  type FreshnessSettings,
  type Invalid,
} from '@backup-awareness/contracts';
import { enqueue, inTransaction, type SqlRunner } from '@backup-awareness/database';
import { hoursToMs, mayClear, whenToCheck } from '@backup-awareness/freshness';
import type { DataSource, EntityManager } from 'typeorm';
import { instant } from './alert-events.js';
import { readCheckerState, recordCheck, type CheckCounts } from './checker-state.js';
import { decideEngines, type Decided } from './decide-engines.js';
import { readEngines, type Which } from './engine-row.js';
import { holdLease, type Lease } from './lease.js';
import { recordDecisions } from './record-decisions.js';

export interface TickRequest {
  readonly lease: Lease;
  /** True from becoming leader until the first check after it. */
  readonly becameLeader: boolean;
  /** False while ingest has a backlog after a start: what it holds may be the very backup that is missed. */
  readonly mayCheck: boolean;
  /** The settings that all engines were last decided by; others than those in force have all decided anew. */
  readonly decidedBy: string | undefined;
}

export interface TickResult {
  readonly decided: readonly Decided[];
  readonly isCheck: boolean;
  readonly decidedBy: string | undefined;
  /** Why nothing was decided, though the lease is held. */
  readonly trouble?: string;
}

/**
 * One transaction of the leader: holds the lease, reads one `now`, decides what is to be decided, and writes it with its events.
 *
 * All engines are decided when a check is due or a setting has changed; otherwise those with an active alert, and those that an
 * administrator has changed. Where a setting cannot be read nothing is raised and nothing cleared, and the result says why; where
 * data cannot be read it throws.
 */
export async function tick(dataSource: DataSource, request: TickRequest): Promise<TickResult> {
  return inTransaction(dataSource, async (transaction) => {
    await holdLease(transaction, request.lease);
    const state = await readCheckerState(transaction);
    const read = readFreshnessSettings(state.options);
    if (!read.ok) return undecided(request, read.invalid);
    const settings = read.value;
    const { now, lastCheckAt } = state;
    const checkPeriodMs =
      settings.checkPeriodHours === null ? null : hoursToMs(settings.checkPeriodHours);
    const decidedBy = JSON.stringify([settings, state.generalPeriodChangedAt]);
    const time = whenToCheck({
      now,
      lastCheckAt,
      periodMs: checkPeriodMs,
      becameLeader: request.becameLeader,
    });
    const isCheck = time.due && request.mayCheck;
    const isAll = isCheck || (decidedBy !== request.decidedBy && request.mayCheck);

    const decided = await decide(transaction, isAll ? 'all' : 'pending', settings, state);
    await recordDecisions(transaction, decided);
    if (isCheck) {
      const nextCheckAt = checkPeriodMs === null ? null : now + checkPeriodMs;
      await completeCheck(transaction, decided, { now, nextCheckAt, lastCheckAt });
    }
    return { decided, isCheck, decidedBy: isAll ? decidedBy : request.decidedBy };
  });
}

function undecided({ decidedBy }: TickRequest, { reason }: Invalid): TickResult {
  return { decided: [], isCheck: false, decidedBy, trouble: `a setting cannot be read: ${reason}` };
}

async function decide(
  transaction: EntityManager,
  which: Which,
  settings: FreshnessSettings,
  state: { now: number; lastCheckAt: number | null; generalPeriodChangedAt: number | null },
): Promise<Decided[]> {
  const engines = await readEngines(transaction, which, {
    alertPeriodDays: settings.alertPeriodDays,
    changedAt: state.generalPeriodChangedAt,
  });
  return decideEngines(engines, {
    now: state.now,
    featureEnabled: settings.checkPeriodHours !== null,
    isCheckOfAll: which === 'all',
    mayClear: mayClear(state.now, state.lastCheckAt),
  });
}

interface CheckTimes {
  readonly now: number;
  readonly nextCheckAt: number | null;
  readonly lastCheckAt: number | null;
}

async function completeCheck(
  transaction: SqlRunner,
  decided: readonly Decided[],
  { now, nextCheckAt, lastCheckAt }: CheckTimes,
): Promise<void> {
  const counts = countsOf(decided);
  await recordCheck(transaction, { checkedAt: now, nextCheckAt, ...counts });
  const event = backupCheckCompleted({
    who: 'freshness-checker',
    what: 'check',
    from: lastCheckAt === null ? null : instant(lastCheckAt),
    to: instant(now),
    when: instant(now),
    engines: counts.engines,
    fresh: counts.fresh,
    no_full_backup: counts.noFullBackup,
    no_warm_backup: counts.noWarmBackup,
    raised: counts.raised,
    cleared: counts.cleared,
    next_check_at: nextCheckAt === null ? null : instant(nextCheckAt),
  });
  await enqueue(transaction, [event]);
}

function countsOf(decided: readonly Decided[]): CheckCounts {
  const watched = decided.filter(({ engine }) => !engine.facts.retired);
  const withAlert = (alert: string) =>
    watched.filter(({ decision }) => decision.state.active?.alert === alert).length;
  const events = decided.flatMap(({ decision }) => decision.events);
  const noFullBackup = withAlert('ENGINE_NO_FULL_BACKUP');
  const noWarmBackup = withAlert('ENGINE_NO_WARM_BACKUP');
  return {
    engines: watched.length,
    fresh: watched.length - noFullBackup - noWarmBackup,
    noFullBackup,
    noWarmBackup,
    raised: events.filter(({ type }) => type === 'BackupAlertRaised').length,
    cleared: events.filter(({ type }) => type === 'BackupAlertCleared').length,
  };
}
