import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { identifyProcess, type ProcessIdentity } from '../../uncompiled/process-identity.mjs';
import type { BoundedLog } from './bounded-log.js';
import type { ProcessKind, ProcessTable } from './process-table.js';

export interface Command {
  readonly name: string;
  readonly kind: ProcessKind;
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment: nothing of ours is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly log: BoundedLog;
  /** The user that runs it; ours by default. */
  readonly as?: { readonly uid: number; readonly gid: number };
}

export interface StartedProcess {
  readonly identity: ProcessIdentity;
  /** Resolves with how it ended: `exit 1`, or the name of a signal. */
  readonly ended: Promise<string>;
  /** The same, or undefined while it runs. */
  endedHow(): string | undefined;
}

/**
 * Starts a process in its own session, so that Ctrl-C in our terminal does not reach it, and records it before its program
 * begins: a shell has the pid until it is recorded, and exits if we die before that.
 */
export async function spawnRecorded(
  table: ProcessTable,
  command: Command,
): Promise<StartedProcess> {
  const output = command.log.open();
  const gate = 'read -r go || exit 0; exec "$@" </dev/null';
  const child = spawn('/bin/sh', ['-c', gate, 'sh', command.command, ...command.args], {
    cwd: command.cwd,
    detached: true,
    env: command.env,
    stdio: ['pipe', output, output],
    ...(command.as ?? {}),
  });
  closeSync(output);

  let how: string | undefined;
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      how = signal ?? `exit ${code}`;
      if (identity) table.remove(identity);
      resolve(how);
    });
  });
  const failure = new Promise<never>((_resolve, reject) => child.once('error', reject));
  failure.catch(() => undefined);

  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (!identity) {
    await Promise.race([failure, ended]);
    throw new Error(`${command.name} ended before it began`);
  }
  child.stdin?.on('error', () => undefined);
  try {
    table.add({ ...identity, name: command.name, kind: command.kind });
  } catch (error) {
    child.stdin?.destroy();
    throw error;
  }
  child.stdin?.end('go\n');
  return { identity, ended, endedHow: () => how };
}
