import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { errorText } from '@backup-awareness/contracts/plain';
import { codeOf } from '../failure.js';
import { warn } from '../host/host.js';
import { createTail, type Tail } from './tail.js';

const nextTurn = promisify(setImmediate);

/** How a command has ended. */
export interface Ending {
  /** As a shell tells it: 126 and 127 where it could not be started. */
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
  /** The end of what it said on stderr, or why it could not be started. */
  readonly message: string;
}

/**
 * Runs a command whose standard input and output are ours, and its stderr too, of which the end is kept. `onStart` gets its process at
 * once. Resolves when the command has ended, whatever it has left running in the background. Never rejects.
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
      // One that runs has only refused a signal.
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
  // It is not ours to stop where nobody reads our stderr any more.
  process.stderr.on('error', () => undefined);
  stderr.on('data', (chunk: Buffer) => {
    tail.add(chunk);
    if (process.stderr.write(chunk)) return;
    stderr.pause();
    process.stderr.once('drain', () => stderr.resume());
  });
}

/** A pipe or socket holds less. What comes after so much was written by others than the command, after its end. */
const MAX_LEFT_BYTES = 4 * 1024 * 1024;

/** Resolves when all has been read that the command had written before its end; others may hold its stderr open for ever. */
async function drained(stderr: Readable): Promise<void> {
  let left = MAX_LEFT_BYTES;
  let isIdle = false;
  const read = (chunk: Buffer) => {
    left -= chunk.length;
    isIdle = false;
  };
  stderr.on('data', read);
  // A turn of the event loop reads what there is: one that brings nothing says that there was nothing.
  for (let idleTurns = 0; idleTurns < 2 && left > 0 && !stderr.readableEnded;) {
    isIdle = !stderr.isPaused();
    await nextTurn();
    idleTurns = isIdle ? idleTurns + 1 : 0;
  }
  stderr.off('data', read);
}

/** What others still write there goes where it went before, by a program that outlives us: they must not be ended by a closed pipe. */
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
