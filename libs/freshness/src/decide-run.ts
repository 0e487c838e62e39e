import type { AlertCleared, StuckBackupRaised } from './alert-event.js';
import type { Circumstances } from './decide-engine.js';
import type { EngineFacts } from './engine-facts.js';
import { judgeRun, type ActiveRunAlert, type RunState, type RunToDecide } from './run.js';
import { stuckBackupMessage } from './stuck-backup-message.js';
import { wholeMs, wholeSpanMs } from './whole-ms.js';

/** The reason of a decision about a run. */
export type RunReason =
  /** No alert, and none due. */
  | 'running'
  | 'ended'
  | 'superseded'
  | 'not_watched'
  | 'feature_off'
  /** An alert is due, but only a check may raise it. */
  | 'raise_waits_for_check'
  /** The active alert is still true. */
  | 'still_stuck'
  /** Raised. */
  | 'backup_stuck'
  /** Cleared. */
  | 'run_ended'
  | 'later_run'
  | 'period_extended'
  | 'disabled'
  | 'engine_retired';

export interface RunDecision {
  readonly outcome: 'unchanged' | 'raised' | 'cleared';
  readonly reason: RunReason;
  /** Null if nothing changes. */
  readonly event: StuckBackupRaised | AlertCleared | null;
  readonly active: ActiveRunAlert | null;
}

/** The circumstances of decisions about runs. */
export interface RunCircumstances extends Circumstances {
  /** How long a run may be open; null: no alert is raised about runs. */
  readonly stuckAfterMs: number | null;
  /** Called at most once, and only for an event. */
  readonly nextSequence: () => number;
}

/**
 * Decides one run: whether it has an alert from `now` on, the event for that, and the reason. A run is stuck if it has been open for more
 * than `stuckAfterMs`, whether its engine is fresh or not.
 *
 * @throws RangeError for an instant or a span that is not a whole number of milliseconds
 */
export function decideRun(
  run: RunToDecide,
  facts: EngineFacts,
  circumstances: RunCircumstances,
): RunDecision {
  const { active } = run;
  const { featureEnabled, stuckAfterMs, mayRaise } = circumstances;
  refuseUnreadable(run, circumstances);
  const now = circumstances.now;
  const clear = (reason: 'disabled' | 'engine_retired' | EndReason): RunDecision =>
    active === null
      ? keep(run, WITHOUT_ALERT[reason])
      : cleared(active, facts, circumstances, reason);

  if (!featureEnabled || stuckAfterMs === null) return clear('disabled');
  if (facts.retired) return clear('engine_retired');
  const judged = judgeRun(run);
  if (judged.state !== 'open') return clear(END_REASONS[judged.state]);
  if (now - judged.startedAt <= stuckAfterMs) return clear('period_extended');
  if (active !== null) return keep(run, 'still_stuck');
  if (!mayRaise) return keep(run, 'raise_waits_for_check');
  return raised(run, judged, facts, { ...circumstances, stuckAfterMs });
}

type EndReason = 'run_ended' | 'later_run' | 'period_extended';
type OpenRun = Extract<RunState, { state: 'open' }>;

const END_REASONS = { ended: 'run_ended', superseded: 'later_run' } as const;

/** The reasons if there is no alert to clear. */
const WITHOUT_ALERT = {
  disabled: 'feature_off',
  engine_retired: 'not_watched',
  run_ended: 'ended',
  later_run: 'superseded',
  period_extended: 'running',
} as const satisfies Record<string, RunReason>;

function keep({ active }: RunToDecide, reason: RunReason): RunDecision {
  return { outcome: 'unchanged', reason, event: null, active };
}

function cleared(
  active: ActiveRunAlert,
  { fqdn }: EngineFacts,
  { now, nextSequence }: RunCircumstances,
  reason: 'disabled' | 'engine_retired' | EndReason,
): RunDecision {
  const event: AlertCleared = {
    type: 'BackupAlertCleared',
    fqdn,
    alertId: active.alertId,
    alert: 'ENGINE_BACKUP_STUCK',
    sequence: nextSequence(),
    raisedAt: wholeMs('decidedAt', active.decidedAt),
    clearedAt: now,
    reason,
  };
  return { outcome: 'cleared', reason, event, active: null };
}

function raised(
  { runId }: RunToDecide,
  { startedAt, openScopes }: OpenRun,
  facts: EngineFacts,
  {
    now,
    newAlertId,
    nextSequence,
    stuckAfterMs,
  }: RunCircumstances & { readonly stuckAfterMs: number },
): RunDecision {
  const { fqdn, lastDbSuccessAt, lastFilesSuccessAt, alertPeriodMs } = facts;
  const event: StuckBackupRaised = {
    type: 'BackupAlertRaised',
    fqdn,
    alertId: newAlertId(),
    alert: 'ENGINE_BACKUP_STUCK',
    runId,
    scopes: openScopes,
    sinceAt: startedAt,
    decidedAt: now,
    lastFullBackupAt:
      lastDbSuccessAt === null || lastFilesSuccessAt === null
        ? null
        : Math.min(lastDbSuccessAt, lastFilesSuccessAt),
    alertPeriodMs,
    sequence: nextSequence(),
    message: stuckBackupMessage({ fqdn, runId, scopes: openScopes, startedAt, stuckAfterMs, now }),
  };
  const active = { alertId: event.alertId, decidedAt: now };
  return { outcome: 'raised', reason: 'backup_stuck', event, active };
}

function refuseUnreadable({ scopes }: RunToDecide, circumstances: RunCircumstances): void {
  const { now, stuckAfterMs } = circumstances;
  wholeMs('now', now);
  if (stuckAfterMs !== null) wholeSpanMs('stuckAfterMs', stuckAfterMs);
  for (const { startedAt, otherSuccessAt } of scopes) {
    wholeMs('startedAt', startedAt);
    if (otherSuccessAt !== null) wholeMs('otherSuccessAt', otherSuccessAt);
  }
}
