/** What `tools/run.mjs` passes to a command of the checkout (`npm start`, `npm test`, …) after setting up. */
export interface MainOptions {
  readonly task: string;
  readonly arguments: readonly string[];
  /** Aborts when a signal asks us to stop; its reason is the signal's name. */
  readonly signal: AbortSignal;
  readonly parentPid: number;
}
