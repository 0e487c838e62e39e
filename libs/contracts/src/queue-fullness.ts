import { KEPT_BOUNDS } from './policies.js';

const NEARLY_FULL_PERCENT = 80;

/** How full a queue of `KEPT_QUEUES` is, in whole percent of the bound that is nearer. Only some brokers report the bytes. */
export function percentFull(kept: {
  readonly messages: number;
  readonly bytes?: number | undefined;
}): number {
  return Math.floor(
    Math.max(
      (kept.messages * 100) / KEPT_BOUNDS.messages,
      ((kept.bytes ?? 0) * 100) / KEPT_BOUNDS.bytes,
    ),
  );
}

/** Whether an administrator has to look at it. */
export function isNearlyFull(percent: number): boolean {
  return percent >= NEARLY_FULL_PERCENT;
}

/** Warns of a queue that is nearly full. */
export function nearlyFullWarning(queue: string, percent: number): string {
  return `${queue} is ${percent} % full; when it is full the broker drops the oldest messages: find out why they come, and remove them`;
}
