import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { Channel } from 'amqplib';
import { BatchesInWork } from './batches-in-work.js';
import { describeError, type BrokerConnection } from './broker-connection.js';
import { brokerUserName } from './broker-users.js';
import { closeChannel } from './close-channel.js';
import { failed, type Delivery, type Outcome } from './delivery.js';
import { Intake, type BatchBound } from './intake.js';
import { LoneTries } from './lone-tries.js';
import type { MessageTries } from './message-tries.js';
import type { Publisher } from './publisher.js';
import { EnvironmentAtFault, settle } from './settle.js';
import { Suspicion } from './suspicion.js';

export interface BatchConsumerOptions {
  readonly queue: string;
  readonly connection: BrokerConnection;
  /** On another connection: an alarm that blocks publishers must not keep acknowledgements from going through. */
  readonly publisher: Publisher;
  /** An outcome for each message, in order. Throws only where it does not know what to make of a message. */
  readonly handle: (batch: readonly Delivery[]) => Promise<readonly Outcome[]>;
  /** Resolves while the environment is fit for work; asked before anything is taken. */
  readonly probe: () => Promise<void>;
  readonly tries: MessageTries;
  readonly onSettled?: (outcomes: readonly Outcome[]) => void;
}

/** Larger ones are hardly cheaper for the database, and what is held outlives more rounds of garbage collection. */
export const BATCH: BatchBound = { messages: 330, bytes: 8 * 1024 * 1024 };
/** While one is stored the next is read and sent; the acknowledgements of a third would have nothing to wait for. */
const BATCHES_AT_ONCE = 2;
const HELD_BYTES_MAX = 64 * 1024 * 1024;

/** Room for another batch to arrive while the others are in work. */
const PREFETCH_MAX = 1_000;
const PREFETCH_MIN = 8;
const PAUSE_MIN_MS = 200;
const PAUSE_MAX_MS = 5_000;

/**
 * Takes from one queue what has arrived, as one batch, while the last one was in work, and where that fills a batch already while the
 * last one is in work; acknowledges only what is settled, in the order in which it came.
 *
 * It begins with one message at a time and opens up when one has gone well, so that neither an environment that only seems well
 * nor a message that kills its consumer can drag others along.
 */
export class BatchConsumer {
  private readonly log: Logger;
  private readonly suspicion = new Suspicion();
  private readonly loneTries: LoneTries;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private pauseMs = PAUSE_MIN_MS;
  private largestBytes = 1;
  private at: string | undefined = 'not started';

  constructor(private readonly options: BatchConsumerOptions) {
    this.log = new Logger(options.queue);
    this.loneTries = new LoneTries(options);
  }

  /** Why nothing is taken from the queue now, or undefined. */
  trouble(): string | undefined {
    return this.at;
  }

  start(): void {
    this.running = this.run();
  }

  /** Takes no more, finishes what is in work, gives back the rest. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.at = 'stopped';
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  private async run(): Promise<void> {
    while (!this.isStopping) {
      try {
        await this.options.probe();
        const channel = await this.unlessStopping(this.options.connection.model.createChannel());
        if (channel) await this.consume(channel);
      } catch (error) {
        await this.pause(describeError(error));
      }
    }
  }

  private async unlessStopping<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.stopping;
    if (signal.aborted) return undefined;
    let onAbort: () => void;
    const aborted = new Promise<undefined>((resolve) => {
      onAbort = () => resolve(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    work.catch(() => undefined);
    return Promise.race([work, aborted]).finally(() =>
      signal.removeEventListener('abort', onAbort),
    );
  }

  private async pause(reason: string): Promise<void> {
    if (this.isStopping) return;
    if (this.at !== reason) this.log.warn(`takes nothing for now: ${reason}`);
    this.at = reason;
    await sleep(this.pauseMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    this.pauseMs = Math.min(this.pauseMs * 2, PAUSE_MAX_MS);
  }

  private async consume(channel: Channel): Promise<void> {
    const { queue, connection } = this.options;
    const replayUser = brokerUserName(connection.vhost, 'replay');
    const intake = new Intake(channel, queue, HELD_BYTES_MAX, replayUser);
    const inWork = new BatchesInWork(() => intake.interrupt());
    const interrupt = () => intake.interrupt();
    this.stopping.signal.addEventListener('abort', interrupt, { once: true });
    try {
      await this.takeBatches(channel, intake, inWork);
      await inWork.done();
    } catch (error) {
      // What waited behind a batch that the environment failed is given back with it.
      if (error instanceof EnvironmentAtFault)
        [...inWork.unsettled(), ...intake.heldNow()]
          .filter((delivery) => !error.settled.has(delivery))
          .forEach((delivery) => this.suspicion.excuse(delivery));
      throw error;
    } finally {
      this.stopping.signal.removeEventListener('abort', interrupt);
      await inWork.over();
      await giveBack(channel, intake);
    }
  }

  private async takeBatches(
    channel: Channel,
    intake: Intake,
    inWork: BatchesInWork,
  ): Promise<void> {
    let prefetch = 0;
    for (;;) {
      if (prefetch === 0 && intake.count === 0) {
        await inWork.done();
        prefetch = 1;
        await intake.open(prefetch);
        this.takes();
      }
      const isTimeFor = () => this.isStopping || isTimeForBatch(intake, inWork);
      while (!isTimeFor()) await intake.change();
      inWork.throwIfFailed();
      if (this.isStopping) return;
      if (intake.isOverfull) {
        await intake.cancel();
        prefetch = 0;
      }
      const batch = intake.take(BATCH);
      const isAlone = prefetch === 1 && batch.length === 1;
      const suspects = batch.filter((one) => this.suspicion.isSuspect(one));
      if (suspects.length > 0 && !isAlone) {
        await intake.cancel();
        prefetch = 0;
        suspects.forEach((suspect) => {
          this.suspicion.excuse(suspect);
          channel.nack(suspect.raw, false, true);
        });
      }
      this.work(channel, inWork, isAlone ? batch : batch.filter((one) => !suspects.includes(one)));
      if (suspects.length > 0 || prefetch === 0 || intake.count > 0) continue;
      const wanted = this.wantedPrefetch(batch);
      if (wanted < 2 * prefetch) continue;
      // Only what has gone well opens it.
      await inWork.done();
      prefetch = wanted;
      await intake.open(prefetch);
    }
  }

  private takes(): void {
    if (this.at !== undefined) this.log.log('takes messages');
    this.at = undefined;
  }

  /** Few where messages have been large of late, so that what is held stays within bounds. */
  private wantedPrefetch(batch: readonly Delivery[]): number {
    const largest = Math.max(...batch.map(({ body }) => body.byteLength));
    this.largestBytes = Math.max(largest, this.largestBytes * 0.98, 1);
    const fitting = Math.floor(HELD_BYTES_MAX / this.largestBytes);
    return Math.min(PREFETCH_MAX, Math.max(PREFETCH_MIN, fitting));
  }

  /** Has a batch handled at once, and settled in its turn. */
  private work(channel: Channel, inWork: BatchesInWork, batch: readonly Delivery[]): void {
    if (batch.length === 0) return;
    inWork.start(batch, this.outcomesOf(batch), (outcomes) =>
      this.settle(channel, batch, outcomes),
    );
  }

  private async settle(
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
    this.pauseMs = PAUSE_MIN_MS;
    this.options.onSettled?.(outcomes);
  }

  private async outcomesOf(batch: readonly Delivery[]): Promise<readonly Outcome[]> {
    const [first] = batch;
    if (batch.length === 1 && this.suspicion.isSuspect(first!))
      return [await this.loneTries.outcomeOf(first!)];
    try {
      const outcomes = await this.options.handle(batch);
      if (outcomes.length === batch.length) return outcomes;
      throw new Error(`${outcomes.length} outcomes for ${batch.length} messages`);
    } catch (error) {
      return batch.map(() => failed(describeError(error)));
    }
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
      const { kind } = isolated[i]!;
      // The environment: those behind it would find the same, and they have not been tried.
      if (kind === 'try_again')
        return isolated.map((one) => (one.kind === 'failed' ? isolated[i]! : one));
      if (kind === 'failed')
        this.log.error(
          `a message could not be handled: ${(isolated[i] as { reason: string }).reason}`,
        );
    }
    if (isolated.some(({ kind }) => kind === 'failed')) await sleep(PAUSE_MIN_MS);
    return isolated;
  }
}

/** One batch is whatever has arrived while the last one was in work; a second one goes beside it only if it is full. */
function isTimeForBatch(intake: Intake, inWork: BatchesInWork): boolean {
  if (inWork.hasFailed) return true;
  if (intake.count === 0) return false;
  return inWork.count === 0 || (inWork.count < BATCHES_AT_ONCE && intake.count >= BATCH.messages);
}

/** What is still held goes back to its place in the queue; a channel that is gone has given it back already. */
async function giveBack(channel: Channel, intake: Intake): Promise<void> {
  try {
    await intake.cancel();
    channel.nackAll(true);
    await closeChannel(channel);
  } catch {
    return;
  }
}
