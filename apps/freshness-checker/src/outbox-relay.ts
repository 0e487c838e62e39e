import { errorText, HEARTBEAT, LogOnce } from '@backup-awareness/contracts';
import { eventMessage, Publisher } from '@backup-awareness/messaging';
import {
  noteRelayed,
  readOutbox,
  readOutboxOfSources,
  recordFailure,
  removePublished,
  type PendingEvent,
} from '@backup-awareness/database';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { PublishingIncarnation } from './publishing-incarnation.js';
import { RefusedExchanges, Wave } from './wave.js';

const READ_AT_ONCE = 2_000;

/**
 * Publishes pending events, in order for each source, and deletes those that the broker has confirmed.
 *
 * An event that was confirmed but not yet deleted when the process died is published again; receivers recognise it by its id.
 */
@Injectable()
export class OutboxRelay {
  private readonly log = new Logger('outbox-relay');
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = false;
  private pendingReason: string | undefined;
  private readonly pending = new LogOnce((reason) =>
    this.log.warn(`events are pending in the outbox: ${reason}`),
  );
  private unmarked: string | undefined;
  private readonly refused = new RefusedExchanges();
  /** The source after which reading source by source continues. */
  private after = '';

  private readonly incarnation: PublishingIncarnation;

  constructor(
    private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
  ) {
    this.incarnation = new PublishingIncarnation(dataSource, publisher);
  }

  /** Why nothing can be published, as of the latest attempt: it could not be marked at the broker. Undefined if nothing is pending. */
  unreadyReason(): string | undefined {
    return this.unmarked;
  }

  /** Starts publishing pending events; returns at once. */
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
        this.pendingReason = undefined;
        await this.publishAll();
      } catch (error) {
        this.pendingReason = errorText(error);
      }
      this.pending.set(this.pendingReason);
    }
  }

  private async publishAll(): Promise<void> {
    for (;;) {
      const events = await readOutbox(this.dataSource, READ_AT_ONCE);
      if (events.length === 0) this.unmarked = undefined;
      if (events.length === 0 || this.isStopped) return;
      if (!(await this.advance())) continue;
      const published = await this.publishInWaves(events);
      if (2 * published >= events.length) continue;
      // Events that are held up may hide others that are not among the oldest.
      if (events.length === READ_AT_ONCE) return this.publishOfSources();
      if (published === 0) return;
    }
  }

  private async advance(): Promise<boolean> {
    try {
      const isSame = await this.incarnation.advance();
      this.unmarked = undefined;
      return isSame;
    } catch (error) {
      this.unmarked = `nothing can be published: ${errorText(error)}${remedyOf(error)}`;
      throw new Error(this.unmarked, { cause: error });
    }
  }

  /** Continues from source to source while something is published, and next time from there, so that each source gets its turn. */
  private async publishOfSources(): Promise<void> {
    for (;;) {
      const from = this.after;
      const { events, next } = await readOutboxOfSources(this.dataSource, {
        after: from,
        without: this.refused.resting(),
        limit: READ_AT_ONCE,
      });
      if (events.length > 0 && !(await this.advance())) continue;
      const published = await this.publishInWaves(events);
      this.after = next ?? '';
      const isRoundOver = next === null && from !== '';
      if (this.isStopped || (published === 0 && !isRoundOver)) return;
    }
  }

  /** A wave has at most one event of each source, so that each source stays in order even if an event is refused. */
  private async publishInWaves(events: readonly PendingEvent[]): Promise<number> {
    const failing = new Set<string>();
    let rest = [...events];
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
      const heartbeat = published.find(({ event }) => event.name === HEARTBEAT);
      if (heartbeat) await noteRelayed(this.dataSource, Date.parse(heartbeat.event.time));
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
    const { published, atFault, pendingReason } = await wave.publishAll(rows);
    for (const { row, error } of atFault) await this.countFailure(row, error);
    this.pendingReason = pendingReason ?? this.pendingReason;
    return published;
  }

  private async countFailure(row: PendingEvent, error: Error): Promise<void> {
    const recorded = await recordFailure(this.dataSource, row.id, error.message);
    if (recorded?.isSetAside)
      this.log.error(
        `event ${row.event.id} (${row.event.name}) set aside after ${recorded.attempts} tries, others are published: ${error.message}`,
      );
    else this.log.warn(`cannot publish event ${row.event.id}: ${error.message}`);
  }
}

const ACCESS_REFUSED = 403;

/** The rights are those of this version; a broker user kept by hand may have only those of an earlier one. */
function remedyOf(error: unknown): string {
  const isRefused = error instanceof Error && 'code' in error && error.code === ACCESS_REFUSED;
  return isRefused ? ' (backup-awareness topology apply --management-url URL)' : '';
}
