import type { Decision } from '@backup-awareness/freshness';
import { Counter, Gauge } from 'prom-client';
import type { DecidedEngine } from './decide-engines.js';
import type { TickResult } from './tick.js';

const decisions = new Counter({
  name: 'backup_awareness_alert_decisions_total',
  help: 'Decisions that changed an alert, by outcome and reason',
  labelNames: ['outcome', 'reason'],
});

const checks = new Counter({
  name: 'backup_awareness_checks_total',
  help: 'Checks that this process completed, by reason',
  labelNames: ['reason'],
});

const engines = new Gauge({
  name: 'backup_awareness_engines',
  help: 'Monitored engines at the last check of this process, by verdict',
  labelNames: ['verdict'],
});

const keptAlerts = new Gauge({
  name: 'backup_awareness_alerts_kept_by_clock',
  help: 'Active alerts at the last check of this process that were kept because a success lies in the future',
});

const lastCheck = new Gauge({
  name: 'backup_awareness_last_check_timestamp_seconds',
  help: 'When this process last completed a check',
});

const checkDuration = new Gauge({
  name: 'backup_awareness_last_check_duration_seconds',
  help: 'How long the last check of this process took, from its first statement to its commit',
});

const heartbeat = new Gauge({
  name: 'backup_awareness_heartbeat_timestamp_seconds',
  help: 'When each stage of the path of events was last proven; of the leader only',
  labelNames: ['stage'],
});

/** Removes the series of the leader, which this process no longer is. */
export function forgetLeadership(): void {
  heartbeat.reset();
}

/** @param durationMs the duration of the tick */
export function observeTick(
  { decided, checkReason, stages }: TickResult,
  durationMs: number,
): void {
  for (const [stage, provenAt] of Object.entries(stages))
    if (provenAt !== null) heartbeat.set({ stage }, provenAt / 1_000);
  for (const { decision, runs } of decided)
    for (const { outcome, reason } of [decision, ...runs.map((run) => run.decision)])
      if (outcome !== 'unchanged') decisions.inc({ outcome, reason });
  if (checkReason === null) return;
  checks.inc({ reason: checkReason });
  checkDuration.set(durationMs / 1_000);
  lastCheck.setToCurrentTime();
  countEngines(decided.filter(({ engine }) => !engine.facts.retired));
}

function countEngines(monitored: readonly DecidedEngine[]): void {
  engines.reset();
  for (const { decision } of monitored) engines.inc({ verdict: verdictOf(decision) });
  keptAlerts.set(
    monitored.filter(({ decision: { reason, state } }) => {
      return reason === 'success_in_future' && state.active !== null;
    }).length,
  );
}

function verdictOf({
  reason,
  state,
}: Decision): 'fresh' | 'too_old' | 'no_full_backup' | 'unknown' {
  if (reason === 'success_in_future') return 'unknown';
  if (state.active === null) return 'fresh';
  return state.active.alert === 'ENGINE_NO_FULL_BACKUP' ? 'no_full_backup' : 'too_old';
}
