import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { queueDepth, type BrokerConnection } from '@backup-awareness/messaging';

const ASK_EVERY_MS = 500;
const ANSWER_WITHIN_MS = 2_000;

/** So often in a row: the last messages may be in ingest's hands and not stored yet. */
const EMPTY_READINGS = 4;

const WAIT_AT_MOST_MS = 60_000;

/**
 * Watches, after a start, whether ingest has worked off what came while nothing ran: it may hold the very backup that is missed.
 * Asks beside the decisions, so that a broker that hangs holds nothing up.
 */
export class Backlog {
  private readonly startedAtMs = performance.now();
  private isWorkedOff = false;

  constructor(private readonly connection: BrokerConnection) {}

  /** True once the queue has been empty for a while, or after a minute. */
  isOver(): boolean {
    return this.isWorkedOff || performance.now() - this.startedAtMs > WAIT_AT_MOST_MS;
  }

  async watch(signal: AbortSignal): Promise<void> {
    let emptyReadings = 0;
    while (!signal.aborted && !this.isOver()) {
      emptyReadings = (await this.isEmpty()) ? emptyReadings + 1 : 0;
      this.isWorkedOff = emptyReadings >= EMPTY_READINGS;
      await sleep(ASK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async isEmpty(): Promise<boolean> {
    if (this.connection.trouble() !== undefined) return false;
    const tooLate = new AbortController();
    const asked = queueDepth(this.connection.model, INGEST_QUEUE).then(
      (depth) => depth === 0,
      () => false,
    );
    const late = sleep(ANSWER_WITHIN_MS, false, { signal: tooLate.signal }).catch(() => false);
    return Promise.race([asked, late]).finally(() => tooLate.abort());
  }
}
