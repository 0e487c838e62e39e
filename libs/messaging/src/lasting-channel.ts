import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from 'amqplib';

const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 3_000;

export interface LastingChannelOptions<C extends Channel> {
  /** Opens a channel; may wait for as long as there is no connection. */
  readonly open: () => Promise<C>;
  readonly prefetch: number;
  /** Puts listeners on a new channel, one for `error` among them; nothing has arrived on it yet. */
  readonly listen: (channel: C) => void;
  /** Whatever else a channel needs before it counts as open. */
  readonly begin?: (channel: C) => Promise<unknown>;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Keeps one channel open, and never two, until it is closed.
 *
 * One loop, and no handlers for what happens to the connection: the end of a channel is told before that of its connection, so that a
 * channel opened by each of the two events would be there twice; and the end of an alarm is told to nobody whose channel ended in it.
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

  /** The channel that is open now. */
  current(): C | undefined {
    return this.channel;
  }

  /** Opens no more channels. The one that is open ends with its connection. */
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

  /** @throws where a channel cannot be opened */
  private async untilEnd(): Promise<void> {
    const { open, prefetch, listen, begin } = this.options;
    const channel = await open();
    const ended = new Promise<void>((resolve) => channel.once('close', () => resolve()));
    listen(channel);
    // An answer shows that the channel lives: had it ended before there were listeners, nobody would be told.
    await channel.prefetch(prefetch);
    await begin?.(channel);
    this.channel = channel;
    await Promise.race([ended, this.aborted]);
    this.channel = undefined;
  }
}
