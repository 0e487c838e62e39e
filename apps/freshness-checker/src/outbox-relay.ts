import { errorText, LogOnce } from '@backup-awareness/contracts';
import { eventMessage, Publisher } from '@backup-awareness/messaging';
import {
  readOutbox,
  readOutboxOfSources,
  recordFailure,
  removePublished,
  type PendingEvent,
} from '@backup-awareness/database';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { RefusedExchanges, Wave } from './wave.js';

const READ_AT_ONCE = 2_000;

/**
 * Publishes what waits in the outbox, in order for each source, and removes what the broker has confirmed.
 *
 * An event that was confirmed but not yet removed when the process died is published again: receivers know it by its id.
 */
@Injectable()
export class OutboxRelay {
  private readonly log = new Logger('outbox-relay');
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = false;
  private trouble: string | undefined;
  private readonly pending = new LogOnce((reason) =>
    this.log.warn(`events are pending in the outbox: ${reason}`),
  );
  private readonly refused = new RefusedExchanges();
  /** The source after which reading source by source goes on. */
  private after = '';

  constructor(
    private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
  ) {}

  /** Has the outbox emptied soon; returns at once. */
  kick(): void {
    this.isWanted = true;
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    while (this.isWanted && !this.isStopped) {
      this.isWanted = false;
      try {
        this.trouble = undefined;
        await this.publishAll();
      } catch (error) {
        this.trouble = errorText(error);
      }
      this.pending.set(this.trouble);
    }
  }

  private async publishAll(): Promise<void> {
    for (;;) {
      const waiting = await readOutbox(this.dataSource, READ_AT_ONCE);
      if (waiting.length === 0 || this.isStopped) return;
      const published = await this.publishInWaves(waiting);
      if (2 * published >= waiting.length) continue;
      // What is held up may stand before others that are not among the oldest.
      if (waiting.length === READ_AT_ONCE) return this.publishOfSources();
      if (published === 0) return;
    }
  }

  /** Goes on from source to source for as long as something is published; at the next time from there, so that each has its turn. */
  private async publishOfSources(): Promise<void> {
    for (;;) {
      const from = this.after;
      const { events, next } = await readOutboxOfSources(this.dataSource, {
        after: from,
        without: this.refused.resting(),
        limit: READ_AT_ONCE,
      });
      const published = await this.publishInWaves(events);
      this.after = next ?? '';
      const isRoundOver = next === null && from !== '';
      if (this.isStopped || (published === 0 && !isRoundOver)) return;
    }
  }

  /** A wave holds one event of each source at most, so that the order of each holds even where one of them is refused. */
  private async publishInWaves(waiting: readonly PendingEvent[]): Promise<number> {
    const failing = new Set<string>();
    let rest = [...waiting];
    let count = 0;
    while (rest.length > 0 && !this.isStopped) {
      const wave: PendingEvent[] = [];
      const later: PendingEvent[] = [];
      const sources = new Set<string>(failing);
      for (const row of rest) {
        (sources.has(row.event.source) ? later : wave).push(row);
        sources.add(row.event.source);
      }
      if (wave.length === 0) break;
      const published = await this.publishWave(wave);
      const gone = new Set(published);
      for (const row of wave) if (!gone.has(row)) failing.add(row.event.source);
      await removePublished(
        this.dataSource,
        published.map(({ id }) => id),
      );
      count += published.length;
      rest = later;
    }
    return count;
  }

  private async publishWave(rows: readonly PendingEvent[]): Promise<readonly PendingEvent[]> {
    const wave = new Wave(
      (event) => this.publisher.publish(eventMessage(event, 'freshness-checker', new Date())),
      this.refused,
      () => this.isStopped,
    );
    const { published, atFault, trouble } = await wave.publishAll(rows);
    for (const { row, error } of atFault) await this.countFailure(row, error);
    this.trouble = trouble ?? this.trouble;
    return published;
  }

  private async countFailure(row: PendingEvent, error: Error): Promise<void> {
    const recorded = await recordFailure(this.dataSource, row.id, error.message);
    if (recorded?.isSetAside)
      this.log.error(
        `event ${row.event.id} (${row.event.name}) is set aside after ${recorded.attempts} tries, others go on: ${error.message}`,
      );
    else this.log.warn(`event ${row.event.id} could not be published: ${error.message}`);
  }
}
