import { setTimeout as sleep } from 'node:timers/promises';
import { isRunning, type ProcessIdentity } from '../../uncompiled/process-identity.mjs';
import { PROCESS_KINDS, type ProcessKind, type ProcessTable } from './process-table.js';

export interface StopStep {
  readonly signal: NodeJS.Signals;
  /** How long the process has to end before the next step. */
  readonly waitMs: number;
}

const KILL: StopStep = { signal: 'SIGKILL', waitMs: 10_000 };

/** The signals that end each kind of process, from the gentlest on. */
export const STOP_STEPS: Record<ProcessKind, readonly StopStep[]> = {
  // Longer than a service gives itself.
  service: [{ signal: 'SIGTERM', waitMs: 25_000 }, KILL],
  broker: [{ signal: 'SIGTERM', waitMs: 45_000 }, KILL],
  epmd: [{ signal: 'SIGTERM', waitMs: 3_000 }, KILL],
  // For PostgreSQL, SIGINT is the fast shutdown, which ends sessions; SIGTERM would wait for them to end.
  database: [{ signal: 'SIGINT', waitMs: 45_000 }, { signal: 'SIGQUIT', waitMs: 10_000 }, KILL],
};

/** Stops this very process, if it still runs; resolves with the last signal that was sent. */
export async function stopProcess(
  identity: ProcessIdentity,
  steps: readonly StopStep[],
): Promise<NodeJS.Signals | undefined> {
  let sent: NodeJS.Signals | undefined;
  for (const { signal, waitMs } of steps) {
    if (!isRunning(identity)) return sent;
    sent = signal;
    signalProcess(identity, signal);
    // A stopped process handles no signal until it continues.
    if (signal !== 'SIGKILL') signalProcess(identity, 'SIGCONT');
    if (await endsWithin(identity, waitMs)) return sent;
  }
  return sent;
}

/** Stops everything that is recorded and still runs: services, then broker, then database. */
export async function stopRecorded(table: ProcessTable): Promise<void> {
  for (const kind of PROCESS_KINDS) {
    const ones = table.running().filter((one) => one.kind === kind);
    await Promise.all(
      ones.map(async (one) => {
        await stopProcess(one, STOP_STEPS[kind]);
        table.remove(one);
      }),
    );
  }
}

/** Sends a signal to this very process, if it still runs. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function endsWithin(identity: ProcessIdentity, waitMs: number): Promise<boolean> {
  const deadline = performance.now() + waitMs;
  while (isRunning(identity)) {
    if (performance.now() > deadline) return false;
    await sleep(25);
  }
  return true;
}
