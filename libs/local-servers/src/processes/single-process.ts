import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines, type BoundedLog } from './bounded-log.js';
import type { Part } from './part.js';
import { STOP_STEPS, signalProcess, stopProcess, type StopStep } from './stop-process.js';
import type { ProcessKind } from './process-table.js';
import type { StartedProcess } from './spawn-recorded.js';
import { StartFailure } from '../telling/start-failure.js';

export interface SingleProcess {
  readonly title: string;
  readonly kind: ProcessKind;
  readonly log: BoundedLog;
  readonly spawn: () => Promise<StartedProcess>;
  /** Called when there is a new pid, before it answers. */
  readonly onSpawn?: () => void;
  /** Whether it answers now. Rejecting means "not yet, and this is why"; with a StartFailure, that it never will. */
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
      const started = await options.spawn();
      current = started;
      options.onSpawn?.();
      for await (const reason of untilAnswers(options, started, signal)) unreadyReason = reason;
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

/** Its process has ended although it was to go on. */
export class EndedEarly extends Error {
  override readonly name = 'EndedEarly';
  constructor(title: string, how: string, log: string) {
    super(`${title} ended (${how}). The end of ${log}:\n${lastLines(log)}`);
  }
}

/** Asks until it answers; yields why it has not done so yet. */
async function* untilAnswers(
  { title, log, answers }: SingleProcess,
  started: StartedProcess,
  signal?: AbortSignal,
): AsyncGenerator<string> {
  for (;;) {
    signal?.throwIfAborted();
    const how = started.endedHow();
    if (how !== undefined) throw new EndedEarly(title, how, log.path);
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
