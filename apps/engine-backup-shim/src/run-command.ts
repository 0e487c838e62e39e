import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { codeOf, messageOf } from './failure.js';
import { warn } from './host.js';
import { createTail, type Tail } from './tail.js';

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
 * once. Never rejects.
 */
export async function runCommand(
  [program = '', ...args]: readonly string[],
  onStart: (command: ChildProcess) => void,
): Promise<Ending> {
  const tail = createTail();
  return new Promise<Ending>((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['inherit', 'inherit', 'pipe'] });
    onStart(child);
    passStderr(child, tail);
    child.on('error', (error) => {
      // One that runs has only refused a signal.
      if (child.pid === undefined) reject(error);
    });
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 128 + constants.signals[signal!], signal, message: tail.text() }),
    );
  }).catch((error: unknown) => notStarted(program, error));
}

function passStderr({ stderr }: ChildProcess, tail: Tail): void {
  // It is not ours to stop where nobody reads our stderr any more.
  process.stderr.on('error', () => undefined);
  stderr?.on('data', (chunk: Buffer) => {
    tail.add(chunk);
    if (process.stderr.write(chunk)) return;
    stderr.pause();
    process.stderr.once('drain', () => stderr.resume());
  });
}

function notStarted(program: string, error: unknown): Ending {
  const message = `cannot run ${program}: ${messageOf(error)}`;
  warn(message);
  return { code: codeOf(error) === 'ENOENT' ? 127 : 126, signal: null, message };
}
