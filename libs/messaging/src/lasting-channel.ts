import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from 'amqplib';

const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 3_000;

export interface LastingChannelOptions<C extends Channel> {
  /** Opens a channel; may wait while there is no connection. */
  readonly open: () => Promise<C>;
  readonly prefetch: number;
  /** Adds listeners to a new channel, including one for `error`, before anything has arrived on it. */
  readonly listen: (channel: C) => void;
  /** Whatever else the channel needs before it counts as open. */
  readonly begin?: (channel: C) => Promise<unknown>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Keeps one channel open, and never two, until it is closed.
 *
 * One loop instead of connection event handlers: a channel's end is emitted before that of its connection, so handlers of both would open
 * two channels; and a channel that ended during an alarm would never learn that the alarm is over.
 */
export class LastingChannel<C extends Channel> {
  private channel: C | undefined;
  private readonly closing = new AbortController();
  private readonly aborted: Promise<void>;

  constructor(private readonly options: LastingChannelOptions<C>) {
    const { signal } = this.closing;
    this.aborted = new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
    void this.keepOpen();
  }

  /** The open channel, if there is one. */
  current(): C | undefined {
    return this.channel;
  }

  /** Opens no more channels. The open one ends with its connection. */
  close(): void {
    this.closing.abort();
  }

  private async keepOpen(): Promise<void> {
    const { signal } = this.closing;
    let retryMs = RETRY_MIN_MS;
    while (!signal.aborted) {
      try {
        await this.untilEnd();
        retryMs = RETRY_MIN_MS;
      } catch (error) {
        if (!signal.aborted) this.options.onFailure(error);
        retryMs = Math.min(2 * retryMs, RETRY_MAX_MS);
      }
      await sleep(retryMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @throws if a channel cannot be opened */
  private async untilEnd(): Promise<void> {
    const { open, prefetch, listen, begin } = this.options;
    const channel = await open();
    const ended = new Promise<void>((resolve) => channel.once('close', () => resolve()));
    listen(channel);
    // The reply proves that the channel is alive: if it ended before it had listeners, we would not know.
    await channel.prefetch(prefetch);
    await begin?.(channel);
    this.channel = channel;
    await Promise.race([ended, this.aborted]);
    this.channel = undefined;
  }
}
