import type { Outcome } from '@backup-awareness/messaging';
import { Counter } from 'prom-client';

const settled = new Counter({
  name: 'backup_awareness_messages_settled_total',
  help: 'Messages settled, by outcome',
  labelNames: ['queue', 'outcome'],
});

export function countSettled(queue: string, outcomes: readonly Outcome[]): void {
  const counts = new Map<Outcome['kind'], number>();
  for (const { kind } of outcomes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const [outcome, count] of counts) settled.inc({ queue, outcome }, count);
}
