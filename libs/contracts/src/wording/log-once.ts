/**
 * Logs a state only when it begins or changes, however often it is set: a fault that lasts is one log line, not one per second.
 */
export class LogOnce {
  private current: string | undefined;

  constructor(private readonly log: (state: string) => void) {}

  /** Whether something lasts. */
  get isSet(): boolean {
    return this.current !== undefined;
  }

  /** @param state undefined: nothing to log; the next state is logged even if it equals the last one */
  set(state: string | undefined): void {
    if (state !== undefined && state !== this.current) this.log(state);
    this.current = state;
  }
}
