/** What a command of the checkout (`npm start`, `npm test`, …) is told by `tools/run.mjs`, which has set up and hands over to it. */
export interface MainOptions {
  readonly task: string;
  readonly arguments: readonly string[];
  /** Aborts when a signal asks us to stop; its reason is that signal's name. */
  readonly signal: AbortSignal;
  readonly parentPid: number;
}
