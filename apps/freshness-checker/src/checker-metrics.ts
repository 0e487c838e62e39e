import { Counter } from 'prom-client';
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

export function countTick({ decided, checkReason }: TickResult): void {
  for (const { decision, runs } of decided)
    for (const { outcome, reason } of [decision, ...runs.map((run) => run.decision)])
      if (outcome !== 'unchanged') decisions.inc({ outcome, reason });
  if (checkReason !== null) checks.inc({ reason: checkReason });
}
