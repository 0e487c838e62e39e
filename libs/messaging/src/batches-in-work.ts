import type { Delivery, Outcome } from './delivery.js';

/** What is done with a batch once its outcomes are known, or why they are not. */
export type Settling = (outcomes: Promise<readonly Outcome[]>) => Promise<void>;

/**
 * The batches that are in work at once. They may finish in any order; each is settled after the one before it, so that the broker
 * is told in the order in which it gave. After a failure none is settled any more: what came behind it is not the oldest that is
 * unsettled, and must not be acknowledged as if it were.
 */
export class BatchesInWork {
  private readonly batches = new Set<readonly Delivery[]>();
  private last: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;

  /** @param onChange called whenever a batch is done with, or has failed */
  constructor(private readonly onChange: () => void) {}

  get count(): number {
    return this.batches.size;
  }

  /** What is in work and not settled, for instance because something before it has failed. */
  unsettled(): Delivery[] {
    return [...this.batches].flat();
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /** @throws what has failed */
  throwIfFailed(): void {
    if (this.failure) throw this.failure.error;
  }

  start(batch: readonly Delivery[], outcomes: Promise<readonly Outcome[]>, settle: Settling): void {
    this.batches.add(batch);
    // It is looked at when its turn comes.
    outcomes.catch(() => undefined);
    const before = this.last;
    this.last = this.inTurn(before, batch, outcomes, settle);
  }

  /** Resolves when nothing is in work any more. @throws what has failed */
  async done(): Promise<void> {
    await this.last;
    this.throwIfFailed();
  }

  /** The same, whatever has failed. */
  async over(): Promise<void> {
    await this.last;
  }

  private async inTurn(
    before: Promise<void>,
    batch: readonly Delivery[],
    outcomes: Promise<readonly Outcome[]>,
    settle: Settling,
  ): Promise<void> {
    await before;
    try {
      if (this.failure) {
        // Nothing of it may be under way any more when it is given back.
        await outcomes.catch(() => undefined);
        return;
      }
      await settle(outcomes);
      this.batches.delete(batch);
    } catch (error) {
      this.failure = { error };
    } finally {
      this.onChange();
    }
  }
}
