import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { queueDepth, type BrokerConnection, type QueueDepth } from '@backup-awareness/messaging';

const READ_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 2_000;

/** The queue must be empty this often in a row, because ingest may not have stored its last messages yet. */
const EMPTY_READINGS = 4;

export interface BacklogLimits {
  /** How long to wait for ingest once it consumes. */
  readonly consumingMs: number;
  /** How long to wait at all: a missing ingest must not delay checks for ever. Long enough for a slow machine to start. */
  readonly totalMs: number;
}

const LIMITS: BacklogLimits = { consumingMs: 60_000, totalMs: 5 * 60_000 };

/**
 * Watches after a start whether ingest has stored the reports that arrived while nothing ran: one may be about the very backup that seems
 * missing. Runs beside the decisions, so that a broker that hangs does not delay them.
 */
export class Backlog {
  private readonly startedAtMs = performance.now();
  private consumingSinceMs: number | undefined;
  private isDrained = false;

  constructor(
    private readonly connection: BrokerConnection,
    private readonly limits: BacklogLimits = LIMITS,
  ) {}

  /** True once the queue has been empty for a while, ingest has consumed for a minute, or five minutes have passed. */
  isOver(): boolean {
    if (this.isDrained) return true;
    const nowMs = performance.now();
    const { consumingMs, totalMs } = this.limits;
    return (
      nowMs - this.startedAtMs > totalMs ||
      (this.consumingSinceMs !== undefined && nowMs - this.consumingSinceMs > consumingMs)
    );
  }

  async watch(signal: AbortSignal): Promise<void> {
    let emptyReadings = 0;
    while (!signal.aborted && !this.isOver()) {
      const depth = await this.readDepth();
      if (depth && depth.consumers > 0) this.consumingSinceMs ??= performance.now();
      emptyReadings = depth?.messages === 0 ? emptyReadings + 1 : 0;
      this.isDrained = emptyReadings >= EMPTY_READINGS;
      await sleep(READ_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns undefined if the broker does not answer. */
  private async readDepth(): Promise<QueueDepth | undefined> {
    if (this.connection.unreadyReason() !== undefined) return undefined;
    const tooLate = new AbortController();
    const asked = queueDepth(this.connection.model, INGEST_QUEUE).catch(() => undefined);
    const late = sleep(ANSWER_WITHIN_MS, undefined, { signal: tooLate.signal }).catch(
      () => undefined,
    );
    return Promise.race([asked, late]).finally(() => tooLate.abort());
  }
}
