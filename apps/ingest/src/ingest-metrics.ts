import type { Outcome } from '@backup-awareness/messaging';
import { Counter } from 'prom-client';

const settled = new Counter({
  name: 'backup_awareness_messages_settled_total',
  help: 'Messages by what became of them',
  labelNames: ['queue', 'outcome'],
});

export function countSettled(queue: string, outcomes: readonly Outcome[]): void {
  for (const { kind } of outcomes) settled.inc({ queue, outcome: kind });
}
