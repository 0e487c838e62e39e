import { errorText } from '@backup-awareness/contracts';
import type { Delivery } from '../consuming/delivery.js';
import { failed, invalid, tryAgain, type Outcome } from '../consuming/outcome.js';
import {
  TRIES_MAX,
  triedMessage,
  type BegunTry,
  type MessageTries,
  type TriedMessage,
} from './message-tries.js';

export interface LoneTriesOptions {
  readonly queue: string;
  readonly tries: MessageTries;
  /** Resolves while the environment is fit for work. */
  readonly probe: () => Promise<void>;
  readonly handle: (batch: readonly Delivery[]) => Promise<readonly Outcome[]>;
}

/**
 * Tries messages alone that failed or may have killed their consumer. Each try is counted before it is made, and stays counted only if
 * the environment was fit just before and just after it, or if the process died during it. Only these tries make a message a dead
 * letter, never the broker's delivery count.
 */
export class LoneTries {
  /** Tries of messages that are not settled yet. */
  private readonly begun = new Map<Delivery, TriedMessage>();
  /** Changes of the counts that are not written yet. */
  private readonly pendingWrites: (() => Promise<void>)[] = [];
  private flushing: Promise<void> | undefined;

  constructor(private readonly options: LoneTriesOptions) {}

  /** The handler's outcome; `failed` if the try counts, `try_again` if the environment was at fault. */
  async outcomeOf(delivery: Delivery): Promise<Outcome> {
    const { queue, tries, probe } = this.options;
    const message = triedMessage(queue, delivery);
    let before: BegunTry;
    try {
      await this.flushWrites();
      await probe();
    } catch (error) {
      return tryAgain(errorText(error));
    }
    try {
      before = await tries.begin(message);
    } catch (error) {
      // It may have been counted, and only the reply lost.
      this.pendingWrites.push(() => tries.takeBack(message));
      return tryAgain(errorText(error));
    }
    this.begun.set(delivery, message);
    if (before.triesBefore >= TRIES_MAX) return outOfTries(before);
    const outcome = await this.handled(delivery);
    return outcome.kind === 'failed' ? this.counted(delivery, message, outcome.reason) : outcome;
  }

  /** Forgets the tries of settled messages, and uncounts those of the others, which have not failed. Never throws. */
  async settled(
    batch: readonly Delivery[],
    isSettled: (delivery: Delivery) => boolean,
  ): Promise<void> {
    if (this.begun.size === 0) return;
    const { tries } = this.options;
    for (const delivery of batch) {
      const message = this.begun.get(delivery);
      if (!message) continue;
      this.begun.delete(delivery);
      this.pendingWrites.push(() =>
        isSettled(delivery) ? tries.forget(message) : tries.takeBack(message),
      );
    }
    await this.flushWrites().catch(() => undefined);
  }

  private async handled(delivery: Delivery): Promise<Outcome> {
    try {
      const [outcome] = await this.options.handle([delivery]);
      return outcome ?? failed('no outcome');
    } catch (error) {
      return failed(errorText(error));
    }
  }

  private async counted(
    delivery: Delivery,
    message: TriedMessage,
    reason: string,
  ): Promise<Outcome> {
    try {
      await this.options.probe();
    } catch (error) {
      return tryAgain(errorText(error));
    }
    this.begun.delete(delivery);
    this.pendingWrites.push(() => this.options.tries.failed(message, reason));
    await this.flushWrites().catch(() => undefined);
    return failed(reason);
  }

  /** Writes in order, each once, also when called concurrently. @throws if a write fails; the rest stays pending */
  private flushWrites(): Promise<void> {
    this.flushing ??= this.writePending().finally(() => {
      this.flushing = undefined;
    });
    return this.flushing;
  }

  private async writePending(): Promise<void> {
    for (let next = this.pendingWrites[0]; next; next = this.pendingWrites[0]) {
      await next();
      this.pendingWrites.shift();
    }
  }
}

function outOfTries({ triesBefore, lastError }: BegunTry): Outcome {
  const why =
    lastError === null ? 'during which the process died' : `one of which ended with: ${lastError}`;
  const got = `${triesBefore} failed tries, ${why}`;
  const expected = `to be handled within ${TRIES_MAX} tries`;
  return invalid({
    reason: `nobody could handle the message: expected ${expected}, got ${got}`,
    path: 'x-delivery-count',
    expected,
    got,
  });
}
