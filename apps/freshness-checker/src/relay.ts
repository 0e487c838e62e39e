import { EXCHANGES } from '@backup-awareness/contracts';
import {
  ChannelRefused,
  describeError,
  eventMessage,
  MessageRefused,
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
  private trouble: string | undefined;
  private told: string | undefined;

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
        this.trouble = describeError(error);
      }
      this.tell();
    }
  }

  private tell(): void {
    if (this.trouble !== undefined && this.trouble !== this.told)
      this.log.warn(`events wait in the outbox: ${this.trouble}`);
    this.told = this.trouble;
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
    const awayExchanges = new Set<string>();
    for (const [i, row] of wave.entries()) {
      let error = errors[i];
      if (error === undefined) continue;
      const { exchange, source } = row.event;
      let wasAlone = wave.length === 1;
      // A closed channel took its neighbours with it: alone, each shows whether it was the one.
      if (error instanceof ChannelRefused && !awayExchanges.has(exchange) && !this.isStopped) {
        error = await this.publish(row);
        wasAlone = true;
      }
      if (error === undefined) {
        published.push(row);
        continue;
      }
      failing.add(source);
      if (isItsOwnFault(row, error, wasAlone)) await this.countFailure(row, error);
      else {
        awayExchanges.add(exchange);
        this.trouble = error.message;
      }
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

const OUR_EXCHANGES = new Set(EXCHANGES.map(({ name }) => name));
const PRECONDITION_FAILED = 406;

/**
 * Whether trying again cannot help. An exchange of ours that is away, a right that is missing or a queue without a leader
 * is the environment's fault: the event waits for as long as it takes.
 */
function isItsOwnFault({ event }: WaitingEvent, error: Error, wasAlone: boolean): boolean {
  if (error instanceof MessageRefused) return true;
  if (!(error instanceof ChannelRefused) || !wasAlone) return false;
  return error.code === PRECONDITION_FAILED || !OUR_EXCHANGES.has(event.exchange);
}
