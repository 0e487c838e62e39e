/**
 * Logs a state that is looked at again and again only when it begins, or becomes another: a fault that lasts is one line of the log
 * and not one a second.
 */
export class LogOnce {
  private current: string | undefined;

  constructor(private readonly log: (state: string) => void) {}

  /** @param state undefined: there is nothing to log; the next state is logged even where it equals the last one */
  set(state: string | undefined): void {
    if (state !== undefined && state !== this.current) this.log(state);
    this.current = state;
  }
}
