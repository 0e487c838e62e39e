const WINDOW_MS = 60_000;
const FAILURES_MAX = 10;
const ADDRESSES_MAX = 10_000;

const RECORDS_MAX = 10;

/** Which failed sign-ins are recorded in the audit log: ten a minute; the next one that is says how many have failed since the last. */
export class RecordedFailures {
  private recordedAt: number[] = [];
  private failures = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns how many have failed since the last record if this one is recorded, else 0 */
  note(): number {
    const now = this.now();
    this.failures++;
    this.recordedAt = this.recordedAt.filter((at) => at > now - WINDOW_MS);
    if (this.recordedAt.length >= RECORDS_MAX) return 0;
    this.recordedAt.push(now);
    const { failures } = this;
    this.failures = 0;
    return failures;
  }
}

/** Failed sign-ins by address; after ten in a minute a further one has to wait. It keeps a bounded number of addresses. */
export class FailedSignIns {
  private readonly failures = new Map<string, number[]>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @returns seconds for which an address that fails again has to wait; 0: it has not failed too often */
  waitSeconds(address: string): number {
    const recent = this.recent(address);
    if (recent.length < FAILURES_MAX) return 0;
    return Math.max(1, Math.ceil((recent[0]! + WINDOW_MS - this.now()) / 1_000));
  }

  note(address: string): void {
    const recent = [...this.recent(address), this.now()].slice(-FAILURES_MAX);
    // The address that failed last comes last, so that the oldest is forgotten first.
    this.failures.delete(address);
    this.failures.set(address, recent);
    if (this.failures.size > ADDRESSES_MAX)
      this.failures.delete(this.failures.keys().next().value!);
  }

  private recent(address: string): number[] {
    return (this.failures.get(address) ?? []).filter((at) => at > this.now() - WINDOW_MS);
  }
}
