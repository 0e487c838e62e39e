import { setTimeout as sleep } from 'node:timers/promises';
import { errorText, LogOnce } from '@backup-awareness/contracts';
import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { OldRows } from './remove-old-rows.js';

const EVERY_MS = 60_000;
const AGAIN_WHILE_NOT_READY_MS = 1_000;
const PAUSE_MIN_MS = 20;

export interface RetentionOptions {
  readonly dataSource: DataSource;
  readonly oldRows: OldRows;
  /** Why the service does not work now, or undefined; nothing is removed meanwhile. */
  readonly unreadyReason: () => string | undefined;
}

/**
 * Removes old rows while its service runs: once a minute, in steps, each followed by a pause as long as the step took, so that others
 * get at least as much of the database's time. A failure is logged once and tried again a minute later; it never makes the service unready.
 */
export class Retention
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly log = new Logger('retention');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly failure: LogOnce;

  constructor(private readonly options: RetentionOptions) {
    const { table } = options.oldRows;
    this.failure = new LogOnce((reason) =>
      this.log.warn(`cannot remove old rows of ${table}: ${reason}`),
    );
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Waits only here: a step on a hanging server must not keep the consumer from stopping. */
  async onApplicationShutdown(): Promise<void> {
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const isReady = this.options.unreadyReason() === undefined;
      if (isReady)
        await this.removeOld().catch((error: unknown) => this.failure.set(errorText(error)));
      await this.pause(isReady ? EVERY_MS : AGAIN_WHILE_NOT_READY_MS);
    }
  }

  private async removeOld(): Promise<void> {
    const { dataSource, oldRows, unreadyReason } = this.options;
    let from: string | null = null;
    let removed = 0;
    try {
      do {
        const startedAt = performance.now();
        const step = await oldRows.removeStep(dataSource, from);
        removed += step.removed;
        from = step.next;
        if (from !== null) await this.pause(Math.max(PAUSE_MIN_MS, performance.now() - startedAt));
      } while (from !== null && !this.stopping.signal.aborted && unreadyReason() === undefined);
      this.failure.set(undefined);
    } finally {
      if (removed > 0) this.log.log(`removed ${removed} old rows of ${oldRows.table}`);
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
