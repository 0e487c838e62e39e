import type { Channel } from 'amqplib';
import { BatchesInWork } from './batches-in-work.js';
import type { BatchWork } from './batch-work.js';
import { closeChannel } from './close-channel.js';
import type { ConsumerEvent, ConsumerState } from './consumer-state.js';
import type { Delivery } from './delivery.js';
import { Intake, type BatchBound } from './intake.js';
import type { Prefetch } from './prefetch.js';
import { EnvironmentAtFault } from './settle.js';
import type { Suspicion } from './suspicion.js';

export interface ConsumptionOptions {
  readonly channel: Channel;
  readonly queue: string;
  /** The broker user whose word counts on when a message first arrived and who sent it. */
  readonly replayUser: string;
  readonly work: BatchWork;
  readonly suspicion: Suspicion;
  readonly prefetch: Prefetch;
  readonly signal: AbortSignal;
  readonly state: () => ConsumerState;
  readonly on: (event: ConsumerEvent) => void;
  /** Called whenever it begins to take messages. */
  readonly onConsuming: () => void;
}

/** Larger ones are hardly cheaper for the database, and what is held outlives more rounds of garbage collection. */
export const BATCH: BatchBound = { messages: 330, bytes: 8 * 1024 * 1024 };
/** While one is stored the next is read and sent; the acknowledgements of a third would have nothing to wait for. */
const BATCHES_AT_ONCE = 2;

/**
 * Takes from one queue on one channel: one message at a time while the consumer is `isolating`, what has arrived as one batch while it
 * is `open`. Acknowledges only what is settled, in the order in which it came.
 */
export class Consumption {
  private readonly intake: Intake;
  private readonly inWork: BatchesInWork;

  constructor(private readonly options: ConsumptionOptions) {
    const { channel, queue, replayUser } = options;
    this.intake = new Intake(channel, queue, replayUser);
    this.inWork = new BatchesInWork(() => this.intake.interrupt());
  }

  /** Takes messages until it is stopped, and gives back what is held. @throws what is at fault around us */
  async run(): Promise<void> {
    const { signal, state } = this.options;
    const interrupt = () => this.intake.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      while (!signal.aborted)
        await (state() === 'isolating' ? this.consumeOneByOne() : this.consumeBatches());
      await this.inWork.done();
    } catch (error) {
      this.excuse(error);
      throw error;
    } finally {
      signal.removeEventListener('abort', interrupt);
      await this.inWork.over();
      await this.requeueHeld();
    }
  }

  /** Until a message has gone well alone. */
  private async consumeOneByOne(): Promise<void> {
    await this.finishHeld();
    if (this.options.signal.aborted) return;
    await this.intake.open(1);
    this.options.onConsuming();
    for (;;) {
      const batch = await this.nextBatch();
      if (!batch) return;
      this.start(batch);
      if (this.intake.isOverfull) return this.options.on('doubtful');
      if (batch.some((one) => this.options.suspicion.isSuspect(one))) continue;
      await this.inWork.done();
      await this.intake.open(this.options.prefetch.after(batch));
      return this.options.on('went_well');
    }
  }

  /** Until something is doubtful. */
  private async consumeBatches(): Promise<void> {
    const { prefetch, suspicion } = this.options;
    for (;;) {
      const batch = await this.nextBatch();
      if (!batch) return;
      const suspects = batch.filter((one) => suspicion.isSuspect(one));
      if (suspects.length > 0) {
        await this.requeue(suspects);
        this.start(batch.filter((one) => !suspects.includes(one)));
        return this.options.on('doubtful');
      }
      this.start(batch);
      if (this.intake.isOverfull) return this.options.on('doubtful');
      if (this.intake.count > 0) continue;
      const wanted = prefetch.after(batch);
      if (wanted < 2 * this.intake.prefetch) continue;
      // Only what has gone well opens it further.
      await this.inWork.done();
      await this.intake.open(wanted);
    }
  }

  /** Nothing further arrives; what is suspect goes back, to come again alone. */
  private async finishHeld(): Promise<void> {
    await this.intake.cancel();
    while (this.intake.count > 0) {
      const batch = await this.nextBatch();
      if (!batch) return;
      const suspects = batch.filter((one) => this.options.suspicion.isSuspect(one));
      await this.requeue(suspects);
      this.start(batch.filter((one) => !suspects.includes(one)));
    }
    await this.inWork.done();
  }

  /** The consumer is cancelled first, or they would come again at once. */
  private async requeue(suspects: readonly Delivery[]): Promise<void> {
    await this.intake.cancel();
    for (const suspect of suspects) {
      this.options.suspicion.excuse(suspect);
      this.options.channel.nack(suspect.raw, false, true);
    }
  }

  /** Undefined when it is to stop. @throws what has failed meanwhile */
  private async nextBatch(): Promise<Delivery[] | undefined> {
    const { signal } = this.options;
    while (!signal.aborted && !this.isTimeForBatch()) await this.intake.change();
    this.inWork.throwIfFailed();
    return signal.aborted ? undefined : this.intake.take(BATCH);
  }

  /** One batch is whatever has arrived while the last one was in work; a second one goes beside it only if it is full. */
  private isTimeForBatch(): boolean {
    const { intake, inWork } = this;
    if (inWork.hasFailed) return true;
    if (intake.count === 0) return false;
    return inWork.count === 0 || (inWork.count < BATCHES_AT_ONCE && intake.count >= BATCH.messages);
  }

  /** Has a batch handled at once, and settled in its turn. */
  private start(batch: readonly Delivery[]): void {
    if (batch.length === 0) return;
    const { work, channel } = this.options;
    this.inWork.start(batch, work.handle(batch), (outcomes) =>
      work.settle(channel, batch, outcomes),
    );
  }

  /** What waited behind a batch that the environment failed is given back with it, through no fault of its own. */
  private excuse(error: unknown): void {
    if (!(error instanceof EnvironmentAtFault)) return;
    for (const delivery of [...this.inWork.unsettled(), ...this.intake.heldNow()])
      if (!error.settled.has(delivery)) this.options.suspicion.excuse(delivery);
  }

  /** What is still held goes back to its place in the queue; a channel that is gone has given it back already. */
  private async requeueHeld(): Promise<void> {
    const { channel } = this.options;
    try {
      await this.intake.cancel();
      channel.nackAll(true);
      await closeChannel(channel);
    } catch {
      return;
    }
  }
}
