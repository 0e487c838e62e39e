import type { Channel } from 'amqplib';
import { BatchesInWork } from './batches-in-work.js';
import type { BatchWork } from './batch-work.js';
import { closeChannel } from '../connection/close-channel.js';
import type { ConsumerEvent, ConsumerState } from './consumer-state.js';
import type { Delivery } from './delivery.js';
import { Intake, type BatchBound } from './intake.js';
import type { Prefetch } from './prefetch.js';
import { EnvironmentAtFault } from './settle.js';
import type { Suspicion } from '../dead-letters/suspicion.js';

export interface ConsumptionOptions {
  readonly channel: Channel;
  readonly queue: string;
  /** The broker user whose headers of first arrival and original sender count. */
  readonly replayUser: string;
  readonly work: BatchWork;
  readonly suspicion: Suspicion;
  readonly prefetch: Prefetch;
  readonly signal: AbortSignal;
  readonly state: () => ConsumerState;
  readonly on: (event: ConsumerEvent) => void;
  /** Called whenever consuming starts. */
  readonly onConsuming: () => void;
}

/** Larger batches are hardly cheaper for the database, and what they hold survives more garbage collections. */
export const BATCH: BatchBound = { messages: 330, bytes: 8 * 1024 * 1024 };
/** While one batch is stored the next is parsed and sent; a third would gain nothing. */
const BATCHES_AT_ONCE = 2;

/**
 * Consumes one queue on one channel: one message at a time while the consumer is `isolating`, whatever has arrived as one batch while it
 * is `open`. Acknowledges only what is settled, in the order of arrival.
 */
export class Consumption {
  private readonly intake: Intake;
  private readonly inWork: BatchesInWork;

  constructor(private readonly options: ConsumptionOptions) {
    const { channel, queue, replayUser } = options;
    this.intake = new Intake(channel, queue, replayUser);
    this.inWork = new BatchesInWork(() => this.intake.interrupt());
  }

  /** Consumes until it is stopped, then requeues what is held. @throws EnvironmentAtFault, or what ended the channel */
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

  /** Until a message has been settled alone. */
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
      // The prefetch grows only after success.
      await this.inWork.done();
      await this.intake.open(wanted);
    }
  }

  /** Handles what is held while nothing more arrives; suspects are requeued, to be delivered alone. */
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

  /** Cancels the consumer first, or they would be redelivered at once. */
  private async requeue(suspects: readonly Delivery[]): Promise<void> {
    await this.intake.cancel();
    for (const suspect of suspects) {
      this.options.suspicion.excuse(suspect);
      this.options.channel.nack(suspect.raw, false, true);
    }
  }

  /** Undefined when stopping. @throws the failure of a batch in work */
  private async nextBatch(): Promise<Delivery[] | undefined> {
    const { signal } = this.options;
    while (!signal.aborted && !this.isTimeForBatch()) await this.intake.change();
    this.inWork.throwIfFailed();
    return signal.aborted ? undefined : this.intake.take(BATCH);
  }

  /** A batch is whatever has arrived while the last one was in work; a second starts beside it only if full. */
  private isTimeForBatch(): boolean {
    const { intake, inWork } = this;
    if (inWork.hasFailed) return true;
    if (intake.count === 0) return false;
    return inWork.count === 0 || (inWork.count < BATCHES_AT_ONCE && intake.count >= BATCH.messages);
  }

  /** Handles a batch at once, and settles it in its turn. */
  private start(batch: readonly Delivery[]): void {
    if (batch.length === 0) return;
    const { work, channel } = this.options;
    const takenAtMs = performance.now();
    this.inWork.start(batch, work.handle(batch), (outcomes) =>
      work.settle(channel, batch, outcomes, takenAtMs),
    );
  }

  /** Messages behind a batch that failed because of the environment are requeued too; that must not make them suspect. */
  private excuse(error: unknown): void {
    if (!(error instanceof EnvironmentAtFault)) return;
    for (const delivery of [...this.inWork.unsettled(), ...this.intake.heldNow()])
      if (!error.settled.has(delivery)) this.options.suspicion.excuse(delivery);
  }

  /** Requeues what is still held; if the channel is gone, the broker has done so already. */
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
