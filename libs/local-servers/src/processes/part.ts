/** One of the processes of an installation, as its supervisor sees it. */
export interface Part {
  /** Its name for people: `PostgreSQL`, `ingest`. */
  readonly title: string;
  readonly pid: number | undefined;
  /** Why it did not answer when it was last asked, if it did not. */
  readonly unreadyReason: string | undefined;
  /** Starts its process and resolves when it answers. Rejects when it ends before that, or `signal` aborts. */
  start(signal?: AbortSignal): Promise<void>;
  /** Resolves with how the current process ended, once it has; pending while there is none. */
  ended(): Promise<string>;
  /** Stops it cleanly; does nothing where it does not run. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): void;
}
