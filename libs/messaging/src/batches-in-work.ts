import type { Delivery, Outcome } from './delivery.js';

/** Settles a batch with its outcomes. */
export type Settling = (outcomes: Promise<readonly Outcome[]>) => Promise<void>;

/**
 * The batches that are in work at once. They may finish in any order, but are settled in the order in which they came. After a failure
 * nothing more is settled: a later batch is not the oldest unsettled one, and must not be acknowledged with `multiple`.
 */
export class BatchesInWork {
  private readonly batches = new Set<readonly Delivery[]>();
  private last: Promise<void> = Promise.resolve();
  private failure: { readonly error: unknown } | undefined;

  /** @param onChange called whenever a batch is settled or has failed */
  constructor(private readonly onChange: () => void) {}

  get count(): number {
    return this.batches.size;
  }

  /** The messages in work that are not settled, for instance because an earlier batch has failed. */
  unsettled(): Delivery[] {
    return [...this.batches].flat();
  }

  get hasFailed(): boolean {
    return this.failure !== undefined;
  }

  /** @throws the failure, if any batch has failed */
  throwIfFailed(): void {
    if (this.failure) throw this.failure.error;
  }

  start(batch: readonly Delivery[], outcomes: Promise<readonly Outcome[]>, settle: Settling): void {
    this.batches.add(batch);
    // Handled when its turn comes.
    outcomes.catch(() => undefined);
    const before = this.last;
    this.last = this.inTurn(before, batch, outcomes, settle);
  }

  /** Resolves when no batch is in work. @throws the failure, if any batch has failed */
  async done(): Promise<void> {
    await this.last;
    this.throwIfFailed();
  }

  /** Resolves when no batch is in work, even after a failure. */
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
        // Its handler must have finished before it is requeued.
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
