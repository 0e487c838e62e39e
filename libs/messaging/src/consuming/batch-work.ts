import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import type { Channel } from 'amqplib';
import type { Delivery } from './delivery.js';
import { failed, type Outcome } from './outcome.js';
import { LoneTries, type LoneTriesOptions } from '../dead-letters/lone-tries.js';
import type { Publisher } from '../publishing/publisher.js';
import { onlyOwn } from './only-own.js';
import { EnvironmentAtFault, settle } from './settle.js';
import type { Suspicion } from '../dead-letters/suspicion.js';

export interface BatchWorkOptions extends LoneTriesOptions {
  /** On another connection: an alarm that blocks publishers must not block acknowledgements. */
  readonly publisher: Publisher;
  /** Called after each batch; the duration is that from when it was taken. */
  readonly onSettled?: (outcomes: readonly Outcome[], durationMs: number) => void;
}

const PAUSE_AFTER_FAILURE_MS = 200;

/** Handles batches: what fails in a batch is tried alone, and every message is settled with the broker. */
export class BatchWork {
  private readonly log: Logger;
  private readonly loneTries: LoneTries;
  private readonly handleOwn: BatchWorkOptions['handle'];

  constructor(
    private readonly options: BatchWorkOptions,
    private readonly suspicion: Suspicion,
  ) {
    this.log = new Logger(options.queue);
    this.handleOwn = onlyOwn(options.queue, options.handle);
    this.loneTries = new LoneTries({ ...options, handle: this.handleOwn });
  }

  /** The outcome of each message of the batch; `failed` where the handler throws or returns none. Never rejects. */
  async handle(batch: readonly Delivery[]): Promise<readonly Outcome[]> {
    const [first] = batch;
    if (batch.length === 1 && this.suspicion.isSuspect(first!))
      return [await this.loneTries.outcomeOf(first!)];
    try {
      const outcomes = await this.handleOwn(batch);
      if (outcomes.length === batch.length) return outcomes;
      throw new Error(`got ${outcomes.length} outcomes for ${batch.length} messages`);
    } catch (error) {
      return batch.map(() => failed(errorText(error)));
    }
  }

  /**
   * Settles a batch once its outcomes are known. It must be the oldest unsettled batch on the channel.
   *
   * @param takenAtMs when it was taken, by the monotonic clock
   * @throws EnvironmentAtFault if some messages have to be tried again; those are not acknowledged
   */
  async settle(
    channel: Channel,
    batch: readonly Delivery[],
    handled: Promise<readonly Outcome[]>,
    takenAtMs: number,
  ): Promise<void> {
    let outcomes = await handled;
    // Suspects have already been tried alone, and their try has been counted.
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
    this.options.onSettled?.(outcomes, performance.now() - takenAtMs);
  }

  /** Tries each failed message alone: the handler may have failed because of one message, or because of a defect of ours. */
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
      // The environment is at fault: the messages behind would fail too, and have not been tried.
      if (outcome.kind === 'try_again')
        return isolated.map((one) => (one.kind === 'failed' ? outcome : one));
      if (outcome.kind === 'failed')
        this.log.error(`a message could not be handled: ${outcome.reason}`);
    }
    if (isolated.some(({ kind }) => kind === 'failed')) await sleep(PAUSE_AFTER_FAILURE_MS);
    return isolated;
  }
}
