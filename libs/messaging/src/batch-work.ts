import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import type { Channel } from 'amqplib';
import { failed, type Delivery, type Outcome } from './delivery.js';
import { LoneTries, type LoneTriesOptions } from './lone-tries.js';
import type { Publisher } from './publisher.js';
import { EnvironmentAtFault, settle } from './settle.js';
import type { Suspicion } from './suspicion.js';

export interface BatchWorkOptions extends LoneTriesOptions {
  /** On another connection: an alarm that blocks publishers must not keep acknowledgements from going through. */
  readonly publisher: Publisher;
  readonly onSettled?: (outcomes: readonly Outcome[]) => void;
}

const PAUSE_AFTER_FAILURE_MS = 200;

/** What is done with a batch: it is handled, what fails in it is tried alone, and the broker is told what became of each message. */
export class BatchWork {
  private readonly log: Logger;
  private readonly loneTries: LoneTries;

  constructor(
    private readonly options: BatchWorkOptions,
    private readonly suspicion: Suspicion,
  ) {
    this.log = new Logger(options.queue);
    this.loneTries = new LoneTries(options);
  }

  /** The outcome of each message of the batch, `failed` where the handler does not know what to make of it. Never rejects. */
  async handle(batch: readonly Delivery[]): Promise<readonly Outcome[]> {
    const [first] = batch;
    if (batch.length === 1 && this.suspicion.isSuspect(first!))
      return [await this.loneTries.outcomeOf(first!)];
    try {
      const outcomes = await this.options.handle(batch);
      if (outcomes.length === batch.length) return outcomes;
      throw new Error(`${outcomes.length} outcomes for ${batch.length} messages`);
    } catch (error) {
      return batch.map(() => failed(errorText(error)));
    }
  }

  /**
   * Tells the broker what became of a batch, once that is known. The batch has to be the oldest that is unsettled on the channel.
   *
   * @throws EnvironmentAtFault where some of it has to be tried again; those are not acknowledged
   */
  async settle(
    channel: Channel,
    batch: readonly Delivery[],
    handled: Promise<readonly Outcome[]>,
  ): Promise<void> {
    let outcomes = await handled;
    // What is suspect has been tried alone already, and its try has been counted.
    if (outcomes.some(({ kind }) => kind === 'failed'))
      outcomes = await this.isolate(batch, outcomes);
    try {
      await settle(channel, this.options.queue, batch, outcomes, this.options.publisher);
    } catch (error) {
      const isSettled = (one: Delivery) =>
        error instanceof EnvironmentAtFault && error.settled.has(one);
      await this.loneTries.settled(batch, isSettled);
      throw error;
    }
    await this.loneTries.settled(batch, () => true);
    this.options.onSettled?.(outcomes);
  }

  /** The handler failed over a message, or over our own fault: each of these is tried alone. */
  private async isolate(
    batch: readonly Delivery[],
    outcomes: readonly Outcome[],
  ): Promise<readonly Outcome[]> {
    const isolated = [...outcomes];
    for (const [i, delivery] of batch.entries()) {
      if (isolated[i]!.kind !== 'failed') continue;
      if (batch.length > 1 || !this.suspicion.isSuspect(delivery))
        isolated[i] = await this.loneTries.outcomeOf(delivery);
      const outcome = isolated[i]!;
      // The environment: those behind it would find the same, and they have not been tried.
      if (outcome.kind === 'try_again')
        return isolated.map((one) => (one.kind === 'failed' ? outcome : one));
      if (outcome.kind === 'failed')
        this.log.error(`a message could not be handled: ${outcome.reason}`);
    }
    if (isolated.some(({ kind }) => kind === 'failed')) await sleep(PAUSE_AFTER_FAILURE_MS);
    return isolated;
  }
}
