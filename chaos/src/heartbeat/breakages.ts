import type { Installation } from '../installation/installation.js';
import { stopProcesses } from '../installation/stop-processes.js';
import { forbidPublishing } from './forbid-publishing.js';

/** A stage that is broken on purpose. */
export interface Breakage {
  readonly what: string;
  /** Breaks it. @returns a function that mends it */
  readonly make: (installation: Installation) => Promise<() => Promise<void> | void>;
  /** What the heartbeat has to say of it. */
  readonly says: RegExp;
}

const stopped = (what: string, program: string, says: RegExp): Breakage => ({
  what: `${what} stopped`,
  make: async (installation) => stopProcesses(installation.pidOf(program)),
  says,
});

export const BREAKAGES: readonly Breakage[] = [
  stopped('checker', 'freshness-checker', /No decision was made since/),
  stopped('ingest', 'ingest', /Ingest has not answered a request for settings since/),
  stopped('audit', 'audit', /Audit has not recorded an event since/),
  stopped('broker', 'rabbitmq', /The outbox was not published since .* broker/),
  stopped('database', 'postgresql', /The database cannot be read or written/),
  { what: 'outbox stuck', make: forbidPublishing, says: /The outbox was not published since/ },
];
