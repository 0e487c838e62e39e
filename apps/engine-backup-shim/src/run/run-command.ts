import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { errorText } from '@backup-awareness/contracts/plain';
import { codeOf } from '../failure.js';
import { warn } from '../host/host.js';
import { createTail, type Tail } from './tail.js';

const nextTurn = promisify(setImmediate);

/** How a command ended. */
export interface Ending {
  /** As in a shell: 126 or 127 if it could not be started. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  /** The end of its stderr, or why it could not be started. */
  readonly message: string;
}

/**
 * Runs a command with our standard input, output and stderr, and keeps the end of its stderr. `onStart` gets its process at once.
 * Resolves when the command has ended, even if it has left something running in the background. Never rejects.
 */
export async function runCommand(
  [program = '', ...args]: readonly string[],
  onStart: (command: ChildProcess) => void,
): Promise<Ending> {
  const tail = createTail();
  return new Promise<Ending>((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'pipe'] });
    onStart(child);
    passStderr(child.stderr, tail);
    child.on('error', (error) => {
      // A running command has only failed to receive a signal.
      if (child.pid === undefined) reject(error);
    });
    child.once('exit', (code, signal) => {
      const ending = { code: code ?? 128 + constants.signals[signal!], signal };
      void drained(child.stderr).then(() => {
        leaveOpen(child.stderr);
        resolve({ ...ending, message: tail.text() });
      });
    });
  }).catch((error: unknown) => notStarted(program, error));
}

function passStderr(stderr: Readable, tail: Tail): void {
  // The command goes on even if nobody reads our stderr any more.
  process.stderr.on('error', () => undefined);
  stderr.on('data', (chunk: Buffer) => {
    tail.add(chunk);
    if (process.stderr.write(chunk)) return;
    stderr.pause();
    process.stderr.once('drain', () => stderr.resume());
  });
}

/** More than a pipe or socket holds: what follows was written by other processes, after the command's end. */
const MAX_LEFT_BYTES = 4 * 1024 * 1024;

/** Resolves when everything has been read that the command wrote; other processes may hold its stderr open for ever. */
async function drained(stderr: Readable): Promise<void> {
  let left = MAX_LEFT_BYTES;
  let isIdle = false;
  const read = (chunk: Buffer) => {
    left -= chunk.length;
    isIdle = false;
  };
  stderr.on('data', read);
  // A turn of the event loop reads what there is: if one reads nothing, there was nothing.
  for (let idleTurns = 0; idleTurns < 2 && left > 0 && !stderr.readableEnded;) {
    isIdle = !stderr.isPaused();
    await nextTurn();
    idleTurns = isIdle ? idleTurns + 1 : 0;
  }
  stderr.off('data', read);
}

/** Background processes may still write there. A program that outlives us passes it on: a closed pipe would end them. */
function leaveOpen(stderr: Readable): void {
  stderr.pause();
  if (stderr.readableEnded || stderr.destroyed) return;
  const passer = spawn('cat', [], { stdio: [stderr, 2, 'ignore'], detached: true });
  passer.on('error', () => undefined);
  passer.unref();
}

function notStarted(program: string, error: unknown): Ending {
  const message = `cannot run ${program}: ${errorText(error)}`;
  warn(message);
  return { code: codeOf(error) === 'ENOENT' ? 127 : 126, signal: null, message };
}
