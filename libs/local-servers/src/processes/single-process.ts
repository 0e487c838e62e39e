import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, logSize, type BoundedLog } from './bounded-log.js';
import type { Part } from './part.js';
import { STOP_STEPS, signalProcess, stopProcess, type StopStep } from './stop-process.js';
import type { ProcessKind } from './process-table.js';
import type { StartedProcess } from './spawn-recorded.js';
import { StartFailure } from '../output/start-failure.js';

export interface SingleProcess {
  readonly title: string;
  readonly kind: ProcessKind;
  readonly log: BoundedLog;
  readonly spawn: () => Promise<StartedProcess>;
  /** Called when it has a new pid, before it answers. */
  readonly onSpawn?: () => void;
  /** Resolves if it answers now; rejects with why it does not yet, or with a StartFailure if it never will. */
  readonly answers: () => Promise<void>;
}

interface StopsInSteps {
  stop(steps?: readonly StopStep[]): Promise<void>;
}

/** A part that consists of one process. */
export function createSingleProcess(options: SingleProcess): Part & StopsInSteps {
  let current: StartedProcess | undefined;
  let unreadyReason: string | undefined;
  return {
    title: options.title,
    get pid() {
      return current?.endedHow() === undefined ? current?.identity.pid : undefined;
    },
    get unreadyReason() {
      return unreadyReason;
    },
    async start(signal) {
      signal?.throwIfAborted();
      const logged = logSize(options.log.path);
      const started = await options.spawn();
      current = started;
      options.onSpawn?.();
      for await (const reason of untilAnswers(options, started, logged, signal))
        unreadyReason = reason;
      unreadyReason = undefined;
    },
    ended: () => current?.ended ?? new Promise(() => undefined),
    async stop(steps: readonly StopStep[] = STOP_STEPS[options.kind]) {
      if (!current || current.endedHow() !== undefined) return;
      await stopProcess(current.identity, steps);
      await current.ended;
    },
    kill() {
      if (current) signalProcess(current.identity, 'SIGKILL');
    },
  };
}

/** A process ended that was to keep running. Its message quotes only what was logged since its start, when its log had that size. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
  constructor(title: string, how: string, log: string, logged: number) {
    super(`${title} ended (${how}). The end of ${log}:\n${lastLines(log, logged)}`);
  }
}

/** Asks until it answers; yields why it does not yet. */
async function* untilAnswers(
  { title, log, answers }: SingleProcess,
  started: StartedProcess,
  logged: number,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  for (;;) {
    signal?.throwIfAborted();
    const how = started.endedHow();
    if (how !== undefined) throw new EndedEarly(title, how, log.path, logged);
    try {
      await answers();
      if (started.endedHow() === undefined) return;
      continue;
    } catch (error) {
      if (error instanceof StartFailure) throw error;
      yield error instanceof Error ? error.message : String(error);
    }
    await sleep(50, undefined, { ...(signal ? { signal } : {}) });
  }
}
