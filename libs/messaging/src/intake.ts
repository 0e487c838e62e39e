import type { Channel, ConsumeMessage } from 'amqplib';
import { deliveryOf, type Delivery } from './delivery.js';

/** What one consumer holds at most, beside what the broker has sent already when that is passed. */
export const HELD_BYTES_MAX = 64 * 1024 * 1024;

export interface BatchBound {
  readonly messages: number;
  readonly bytes: number;
}

/** The channel, or our place as a consumer on it, is gone: whatever we held is the broker's again. */
export class IntakeClosed extends Error {
  override readonly name = 'IntakeClosed';
}

/** One consumer on a channel: collects what arrives until somebody takes it. */
export class Intake {
  private held: Delivery[] = [];
  private heldBytes = 0;
  private wasOverfull = false;
  private openedWith = 0;
  private consumerTag: string | undefined;
  private closedBy: string | undefined;
  private wake: (() => void) | undefined;

  constructor(
    private readonly channel: Channel,
    private readonly queue: string,
    private readonly replayUser: string,
  ) {
    channel.on('error', (error) => this.closed(error.message));
    channel.on('close', () => this.closed('the channel is closed'));
  }

  /** Consumes with the given prefetch from now on; what is held stays held. */
  async open(prefetch: number): Promise<void> {
    await this.cancel();
    this.wasOverfull = false;
    this.openedWith = prefetch;
    await this.channel.prefetch(prefetch);
    const { consumerTag } = await this.channel.consume(this.queue, (raw) => this.arrive(raw));
    this.consumerTag = consumerTag;
  }

  /** After this nothing more arrives. */
  async cancel(): Promise<void> {
    const tag = this.consumerTag;
    this.consumerTag = undefined;
    if (tag !== undefined && this.closedBy === undefined) await this.channel.cancel(tag);
  }

  /** More is held than the bound allows, or was since the consumer opened; it takes no more until it is opened anew. */
  get isOverfull(): boolean {
    return this.wasOverfull;
  }

  /** What it was last opened with. */
  get prefetch(): number {
    return this.openedWith;
  }

  heldNow(): readonly Delivery[] {
    return this.held;
  }

  get count(): number {
    return this.held.length;
  }

  /** Resolves when something arrives, or when `interrupt` is called; throws IntakeClosed when nothing can come any more. */
  async change(): Promise<void> {
    if (this.closedBy !== undefined) throw new IntakeClosed(this.closedBy);
    await new Promise<void>((resolve) => {
      this.wake = resolve;
    });
    if (this.closedBy !== undefined) throw new IntakeClosed(this.closedBy);
  }

  interrupt(): void {
    this.wake?.();
    this.wake = undefined;
  }

  /** Takes what is held, oldest first, up to the bound and at least one. */
  take(bound: BatchBound): Delivery[] {
    let count = 0;
    let bytes = 0;
    for (const { body } of this.held) {
      if (count > 0 && (count >= bound.messages || bytes + body.byteLength > bound.bytes)) break;
      count++;
      bytes += body.byteLength;
    }
    this.heldBytes -= bytes;
    return this.held.splice(0, count);
  }

  private arrive(raw: ConsumeMessage | null): void {
    if (raw === null) {
      this.closed('the broker has cancelled the consumer');
      return;
    }
    const delivery = deliveryOf(raw, this.replayUser);
    this.held.push(delivery);
    this.heldBytes += delivery.body.byteLength;
    if (this.heldBytes > HELD_BYTES_MAX && !this.wasOverfull) {
      this.wasOverfull = true;
      // At once, not after the batch in work: what the broker has not sent yet stays with it.
      this.cancel().catch((error: Error) => this.closed(error.message));
    }
    this.interrupt();
  }

  private closed(reason: string): void {
    this.closedBy ??= reason;
    this.held = [];
    this.heldBytes = 0;
    this.interrupt();
  }
}
