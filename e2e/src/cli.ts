import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { CHECKOUT, compiledProgram, userEnvironment } from '@backup-awareness/testing';

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `backup-awareness` for the installation in `runDirectory`, as an administrator does in a shell. */
export async function runCli(runDirectory: string, args: readonly string[]): Promise<CliResult> {
  const child = spawn(process.execPath, [compiledProgram('cli'), ...args], {
    cwd: CHECKOUT,
    env: { ...userEnvironment(), RUN_DIR: runDirectory },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  await once(child, 'close');
  return { code: child.exitCode, stdout, stderr };
}
