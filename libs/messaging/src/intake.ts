import type { Channel, ConsumeMessage } from 'amqplib';
import { deliveryOf, type Delivery } from './delivery.js';

/** How much one consumer holds, apart from what the broker had already sent when the limit was reached. */
export const HELD_BYTES_MAX = 64 * 1024 * 1024;

export interface BatchBound {
  readonly messages: number;
  readonly bytes: number;
}

/** The channel is closed or the consumer cancelled: the broker has requeued what we held. */
export class IntakeClosed extends Error {
  override readonly name = 'IntakeClosed';
}

/** One consumer on a channel: buffers what arrives until it is taken. */
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

  /** Consumes with the given prefetch; what is held stays held. */
  async open(prefetch: number): Promise<void> {
    await this.cancel();
    this.wasOverfull = false;
    this.openedWith = prefetch;
    await this.channel.prefetch(prefetch);
    const { consumerTag } = await this.channel.consume(this.queue, (raw) => this.arrive(raw));
    this.consumerTag = consumerTag;
  }

  /** Once this resolves nothing more arrives. */
  async cancel(): Promise<void> {
    const tag = this.consumerTag;
    this.consumerTag = undefined;
    if (tag !== undefined && this.closedBy === undefined) await this.channel.cancel(tag);
  }

  /** The limit was exceeded since the consumer was opened. Nothing more arrives until it is opened again. */
  get isOverfull(): boolean {
    return this.wasOverfull;
  }

  /** The prefetch that it was last opened with. */
  get prefetch(): number {
    return this.openedWith;
  }

  heldNow(): readonly Delivery[] {
    return this.held;
  }

  get count(): number {
    return this.held.length;
  }

  /** Resolves when something arrives or `interrupt` is called. @throws IntakeClosed when nothing can arrive any more */
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

  /** Takes what is held, oldest first: up to the bound, but at least one message. */
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
      this.closed('the broker cancelled the consumer');
      return;
    }
    const delivery = deliveryOf(raw, this.replayUser);
    this.held.push(delivery);
    this.heldBytes += delivery.body.byteLength;
    if (this.heldBytes > HELD_BYTES_MAX && !this.wasOverfull) {
      this.wasOverfull = true;
      // At once, not after the batch in work, so that the broker sends no more.
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
