import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { queueDepth, type BrokerConnection, type QueueDepth } from '@backup-awareness/messaging';

const ASK_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 2_000;

/** So often in a row: the last messages may be in ingest's hands and not stored yet. */
const EMPTY_READINGS = 4;

export interface BacklogLimits {
  /** How long ingest has, from when it could first work. */
  readonly workMs: number;
  /** How long at most, ingest or not: one that is missing must not keep the product silent for ever. A slow machine has started by then. */
  readonly startMs: number;
}

const LIMITS: BacklogLimits = { workMs: 60_000, startMs: 5 * 60_000 };

/**
 * Watches, after a start, whether ingest has worked off what came while nothing ran: it may hold the very backup that is missed.
 * Asks beside the decisions, so that a broker that hangs holds nothing up.
 */
export class Backlog {
  private readonly startedAtMs = performance.now();
  private workableSinceMs: number | undefined;
  private isWorkedOff = false;

  constructor(
    private readonly connection: BrokerConnection,
    private readonly limits: BacklogLimits = LIMITS,
  ) {}

  /** True once the queue has been empty for a while, or ingest has had a minute for it, or five minutes are over. */
  isOver(): boolean {
    if (this.isWorkedOff) return true;
    const nowMs = performance.now();
    const { workMs, startMs } = this.limits;
    return (
      nowMs - this.startedAtMs > startMs ||
      (this.workableSinceMs !== undefined && nowMs - this.workableSinceMs > workMs)
    );
  }

  async watch(signal: AbortSignal): Promise<void> {
    let emptyReadings = 0;
    while (!signal.aborted && !this.isOver()) {
      const depth = await this.ask();
      if (depth && depth.consumers > 0) this.workableSinceMs ??= performance.now();
      emptyReadings = depth?.messages === 0 ? emptyReadings + 1 : 0;
      this.isWorkedOff = emptyReadings >= EMPTY_READINGS;
      await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns undefined while the broker does not tell. */
  private async ask(): Promise<QueueDepth | undefined> {
    if (this.connection.unreadyReason() !== undefined) return undefined;
    const tooLate = new AbortController();
    const asked = queueDepth(this.connection.model, INGEST_QUEUE).catch(() => undefined);
    const late = sleep(ANSWER_WITHIN_MS, undefined, { signal: tooLate.signal }).catch(
      () => undefined,
    );
    return Promise.race([asked, late]).finally(() => tooLate.abort());
  }
}
