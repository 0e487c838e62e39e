/** One of the processes that make up an installation, as whoever keeps it running sees it. */
export interface Part {
  /** As people read it: `PostgreSQL`, `ingest`. */
  readonly title: string;
  readonly pid: number | undefined;
  /** Why it did not answer when it was last asked, if it did not. */
  readonly unreadyReason: string | undefined;
  /** Starts its process and resolves when that answers. Rejects when it ends before, or `signal` aborts. */
  start(signal?: AbortSignal): Promise<void>;
  /** How the present process ends, whenever it does; pending while there is none. */
  ended(): Promise<string>;
  /** Stops it in good order; does nothing when it does not run. */
  stop(): Promise<void>;
  /** Ends it as a crash would. */
  kill(): void;
}
