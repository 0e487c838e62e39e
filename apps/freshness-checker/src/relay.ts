import {
  BrokerUnavailable,
  ChannelRefused,
  describeError,
  eventMessage,
  Publisher,
} from '@backup-awareness/messaging';
import {
  readOutbox,
  recordFailure,
  removePublished,
  type WaitingEvent,
} from '@backup-awareness/database';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';

const READ_AT_ONCE = 2_000;

/**
 * Publishes what waits in the outbox, in order for each source, and removes what the broker has confirmed.
 *
 * An event that was confirmed but not yet removed when the process died is published again: receivers know it by its id.
 */
@Injectable()
export class Relay {
  private readonly log = new Logger('relay');
  private running: Promise<void> | undefined;
  private isWanted = false;
  private isStopped = false;

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
        await this.publishAll();
      } catch (error) {
        this.log.warn(`events wait in the outbox: ${describeError(error)}`);
      }
    }
  }

  private async publishAll(): Promise<void> {
    for (;;) {
      const waiting = await readOutbox(this.dataSource, READ_AT_ONCE);
      if (waiting.length === 0 || this.isStopped) return;
      const wasAny = await this.publishInWaves(waiting);
      if (!wasAny) return;
    }
  }

  /** A wave holds one event of each source at most, so that the order of each holds even where one of them is refused. */
  private async publishInWaves(waiting: readonly WaitingEvent[]): Promise<boolean> {
    const failing = new Set<string>();
    let rest = [...waiting];
    let wasAny = false;
    while (rest.length > 0 && !this.isStopped) {
      const wave: WaitingEvent[] = [];
      const later: WaitingEvent[] = [];
      const sources = new Set<string>(failing);
      for (const row of rest) {
        (sources.has(row.event.source) ? later : wave).push(row);
        sources.add(row.event.source);
      }
      if (wave.length === 0) break;
      const published = await this.publishWave(wave, failing);
      await removePublished(
        this.dataSource,
        published.map(({ id }) => id),
      );
      wasAny ||= published.length > 0;
      rest = later;
    }
    return wasAny;
  }

  /** @returns what was confirmed; the sources of the others are added to `failing`. */
  private async publishWave(
    wave: readonly WaitingEvent[],
    failing: Set<string>,
  ): Promise<WaitingEvent[]> {
    const errors = await Promise.all(wave.map((row) => this.publish(row)));
    const published = wave.filter((_, i) => errors[i] === undefined);
    for (const [i, row] of wave.entries()) {
      let error = errors[i];
      // A closed channel took its neighbours with it: alone, each shows whether it was the one.
      if (error instanceof ChannelRefused) error = await this.publish(row);
      if (error === undefined) {
        if (errors[i] !== undefined) published.push(row);
        continue;
      }
      failing.add(row.event.source);
      if (error instanceof BrokerUnavailable) {
        if (published.length === 0) throw error;
        continue;
      }
      await this.countFailure(row, error);
    }
    return published;
  }

  private async publish({ event }: WaitingEvent): Promise<Error | undefined> {
    try {
      await this.publisher.publish(eventMessage(event, 'freshness-checker', new Date()));
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  private async countFailure(row: WaitingEvent, error: Error): Promise<void> {
    const recorded = await recordFailure(this.dataSource, row.id, error.message);
    if (recorded?.isSetAside)
      this.log.error(
        `event ${row.event.id} (${row.event.name}) is set aside after ${recorded.attempts} tries, others go on: ${error.message}`,
      );
    else this.log.warn(`event ${row.event.id} could not be published: ${error.message}`);
  }
}
