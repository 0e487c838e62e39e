import { EXCHANGES, type OutgoingEvent } from '@backup-awareness/contracts';
import type { PendingEvent } from '@backup-awareness/database';
import { ChannelRefused, MessageRefused } from '@backup-awareness/messaging';

/** @throws what the publisher throws */
export type Publish = (event: OutgoingEvent) => Promise<void>;

/** The outcome of a wave: the confirmed events, and those that are themselves at fault, with the error. */
export interface WaveOutcome {
  readonly published: PendingEvent[];
  readonly atFault: { readonly row: PendingEvent; readonly error: Error }[];
  /** Why events that are not at fault stay pending. */
  pendingReason: string | undefined;
}

/** Each refusal costs a new channel, for which all others wait. */
const REFUSALS_MAX = 20;
const SUSPECT_REFUSALS_MAX = 5;

const OUR_EXCHANGES = new Set(EXCHANGES.map(({ name }) => name));
const ACCESS_REFUSED = 403;
const NOT_FOUND = 404;
const PRECONDITION_FAILED = 406;

/** How long nothing is published to a refused exchange, before one event tests it. */
const REST_MS = 1_000;

/** The exchanges known to be missing or forbidden. */
export class RefusedExchanges {
  private readonly refusals = new Map<string, { readonly untilMs: number; reason: string }>();

  add(exchange: string, reason: string): void {
    this.refusals.set(exchange, { untilMs: performance.now() + REST_MS, reason });
  }

  delete(exchange: string): void {
    this.refusals.delete(exchange);
  }

  has(exchange: string): boolean {
    return this.refusals.has(exchange);
  }

  /** Why nothing is published to it now, or undefined. */
  restsFor(exchange: string): string | undefined {
    const refusal = this.refusals.get(exchange);
    return refusal && refusal.untilMs > performance.now() ? refusal.reason : undefined;
  }

  resting(): string[] {
    return [...this.refusals.keys()].filter((exchange) => this.restsFor(exchange) !== undefined);
  }
}

/**
 * Publishes one wave of events, exchange by exchange: a refused event closes the channel that it shares with all others being published,
 * and so a missing exchange affects no other one. Events that were refused before are published alone, after the others.
 */
export class Wave {
  readonly outcome: WaveOutcome = { published: [], atFault: [], pendingReason: undefined };
  private refusals = 0;

  constructor(
    private readonly publish: Publish,
    private readonly refused: RefusedExchanges,
    private readonly isStopped: () => boolean,
  ) {}

  async publishAll(rows: readonly PendingEvent[]): Promise<WaveOutcome> {
    const suspects: PendingEvent[] = [];
    for (const exchange of new Set(rows.map(({ event }) => event.exchange))) {
      const ofExchange = rows.filter(({ event }) => event.exchange === exchange);
      suspects.push(...(await this.publishTo(exchange, ofExchange)));
    }
    this.refusals = Math.max(this.refusals, REFUSALS_MAX - SUSPECT_REFUSALS_MAX);
    for (const suspect of suspects) await this.publishTogether([suspect]);
    return this.outcome;
  }

  /** @returns the events to publish alone */
  private async publishTo(
    exchange: string,
    rows: readonly PendingEvent[],
  ): Promise<PendingEvent[]> {
    let rest = rows;
    if (this.refused.has(exchange)) {
      const reason = this.refused.restsFor(exchange);
      if (reason !== undefined) {
        this.outcome.pendingReason = reason;
        return [];
      }
      await this.publishTogether(rows.slice(0, 1));
      if (this.refused.has(exchange)) return [];
      rest = rows.slice(1);
    }
    await this.publishTogether(rest.filter(({ attempts }) => attempts === 0));
    return rest.filter(({ attempts }) => attempts > 0);
  }

  /** Finds the event that the broker closes the channel over by halving, and publishes its neighbours. */
  private async publishTogether(rows: readonly PendingEvent[]): Promise<void> {
    if (rows.length === 0 || this.refusals >= REFUSALS_MAX || this.isStopped()) return;
    const { exchange } = rows[0]!.event;
    if (this.refused.restsFor(exchange) !== undefined) return;
    const errors = await Promise.all(rows.map((row) => this.tryToPublish(row)));
    const caught: PendingEvent[] = [];
    let refusal: ChannelRefused | undefined;
    let wasAny = false;
    for (const [i, row] of rows.entries()) {
      const error = errors[i];
      if (error === undefined) {
        this.outcome.published.push(row);
        wasAny = true;
      } else if (error instanceof MessageRefused) this.outcome.atFault.push({ row, error });
      else if (error instanceof ChannelRefused) {
        caught.push(row);
        refusal = error;
      } else this.outcome.pendingReason = error.message;
    }
    if (wasAny) this.refused.delete(exchange);
    if (refusal === undefined) return;
    this.refusals++;
    if (refusal.code === NOT_FOUND || refusal.code === ACCESS_REFUSED)
      this.refuseExchange(caught[0]!, refusal);
    else if (rows.length > 1) {
      const middle = Math.ceil(caught.length / 2);
      await this.publishTogether(caught.slice(0, middle));
      await this.publishTogether(caught.slice(middle));
    } else if (refusal.code === PRECONDITION_FAILED)
      this.outcome.atFault.push({ row: rows[0]!, error: refusal });
    else this.outcome.pendingReason = refusal.message;
  }

  /** One of our exchanges, or a permission for it, will come back: its events stay pending. Any other exchange never will. */
  private refuseExchange(row: PendingEvent, error: ChannelRefused): void {
    const { exchange } = row.event;
    this.refused.add(exchange, error.message);
    if (OUR_EXCHANGES.has(exchange)) this.outcome.pendingReason = error.message;
    else this.outcome.atFault.push({ row, error });
  }

  private async tryToPublish({ event }: PendingEvent): Promise<Error | undefined> {
    try {
      await this.publish(event);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }
}
