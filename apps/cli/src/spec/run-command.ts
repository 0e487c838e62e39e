import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as npm links it, which runs what is built. */
const COMMAND = resolve('bin/backup-awareness.js');

/** Starts the built command with only this environment, and what Node needs; `input` is its standard input. */
export function startCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  cwd?: string,
  input = '',
): ChildProcessByStdio<Writable, Readable, Readable> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd,
    env: { PATH, TZ: 'UTC', ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // A command that does not read it may have ended before.
  child.stdin.on('error', () => undefined).end(input);
  return child;
}

/** Runs the built command to its end. */
export async function runCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  cwd?: string,
  input?: string,
): Promise<Ended> {
  const child = startCommand(args, environment, cwd, input);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number | null>((ended, failed) => {
    child.on('error', failed);
    child.on('close', ended);
  });
  return { exitCode, stdout, stderr };
}
