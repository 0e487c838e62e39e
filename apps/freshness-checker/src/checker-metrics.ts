import { Counter, Gauge } from 'prom-client';
import { isUnknown } from './decide-engines.js';
import type { TickResult } from './tick.js';

const decisions = new Counter({
  name: 'backup_awareness_alert_decisions_total',
  help: 'Decisions that changed an alert, by outcome and reason',
  labelNames: ['outcome', 'reason'],
});

const engines = new Gauge({
  name: 'backup_awareness_engines',
  help: 'Watched engines at the last check of this process, by alert',
  labelNames: ['alert'],
});

const lastCheck = new Gauge({
  name: 'backup_awareness_last_check_timestamp_seconds',
  help: 'When this process last completed a check',
});

const checkDuration = new Gauge({
  name: 'backup_awareness_last_check_duration_seconds',
  help: 'How long the last check of this process took, from its first statement to its commit',
});

/** @param durationMs how long the tick took */
export function observeTick({ decided, isCheck }: TickResult, durationMs: number): void {
  for (const { decision } of decided)
    if (decision.outcome !== 'unchanged')
      decisions.inc({ outcome: decision.outcome, reason: decision.reason });
  if (!isCheck) return;
  checkDuration.set(durationMs / 1_000);
  lastCheck.setToCurrentTime();
  engines.reset();
  for (const { engine, decision } of decided)
    if (!engine.facts.retired)
      engines.inc({
        alert: decision.state.active?.alert ?? (isUnknown(decision) ? 'unknown' : 'none'),
      });
}
