import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { userEnvironment } from '@backup-awareness/testing';

/** The interpreter for which Debian installs python3-pika. */
export const PYTHON = '/usr/bin/python3';

export function script(name: string): string {
  return join(fileURLToPath(new URL('.', import.meta.url)), name);
}

/** Runs a third-party program and resolves with its output. @throws with its error output where it fails */
export async function runProgram(
  command: string,
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<string> {
  const child = spawn(command, args, { env: { ...userEnvironment(), ...environment } });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input);
  await once(child, 'close');
  if (child.exitCode !== 0) throw new Error(`${command} ended with ${child.exitCode}: ${stderr}`);
  return stdout;
}
