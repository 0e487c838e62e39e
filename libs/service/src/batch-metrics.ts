import { Counter, Histogram } from 'prom-client';

const settled = new Counter({
  name: 'backup_awareness_messages_settled_total',
  help: 'Messages settled, by outcome; failed ones are delivered again',
  labelNames: ['queue', 'outcome'],
});

const sizes = new Histogram({
  name: 'backup_awareness_batch_messages',
  help: 'Messages of a batch',
  labelNames: ['queue'],
  buckets: [1, 3, 10, 30, 100, 330],
});

const durations = new Histogram({
  name: 'backup_awareness_batch_duration_seconds',
  help: 'Time from when a batch is taken until it is settled',
  labelNames: ['queue'],
  buckets: [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10],
});

/** What became of each message of a batch, and how long that took. */
export type ObserveBatch = (
  outcomes: readonly { readonly kind: string }[],
  durationMs: number,
) => void;

/**
 * Counts the batches of a queue.
 *
 * @param kinds of outcomes: all are there from the beginning, because the first of a kind would otherwise not be an increase
 */
export function observeBatches(queue: string, kinds: readonly string[]): ObserveBatch {
  for (const outcome of kinds) settled.inc({ queue, outcome }, 0);
  return (outcomes, durationMs) => {
    const counts = new Map<string, number>();
    for (const { kind } of outcomes) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    for (const [outcome, count] of counts) settled.inc({ queue, outcome }, count);
    sizes.observe({ queue }, outcomes.length);
    durations.observe({ queue }, durationMs / 1_000);
  };
}
