import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkout } from '../../../setup/workspace.mjs';
import type { Container } from './pods.js';

/** The data of Secrets, by name and key. */
export type Secrets = Readonly<Record<string, Readonly<Record<string, string>>>>;

/**
 * The process that a container would run: its command, with its variables and nothing else, and with the files of its Secret in a
 * folder. The checkout stands in for the image: programs have the same paths in both.
 *
 * @param changes variables that cannot be as in a cluster, such as a port of its own for each program
 */
export function processOf(
  container: Container,
  secret: Readonly<Record<string, string>>,
  folder: string,
  changes: Readonly<Record<string, string>> = {},
) {
  const secrets = join(folder, container.name);
  mkdirSync(secrets, { recursive: true, mode: 0o700 });
  for (const [key, value] of Object.entries(secret)) writeFileSync(join(secrets, key), value);
  const { mountPath } = container.volumeMounts.find(({ name }) => name === 'secrets')!;
  const environment = Object.fromEntries(
    container.env.map(({ name, value }) => [name, value.replace(mountPath, secrets)]),
  );
  return {
    command: process.execPath,
    args: container.command.slice(1),
    options: { cwd: checkout, env: { ...environment, ...changes } },
  };
}

export type ContainerProcess = ReturnType<typeof processOf>;

/** Runs a process to its end. @throws with its output if it fails */
export async function complete({ command, args, options }: ContainerProcess): Promise<string> {
  return (await promisify(execFile)(command, args, options)).stdout;
}

/** Starts a process that goes on. */
export function start({ command, args, options }: ContainerProcess): ChildProcess {
  return spawn(command, args, { ...options, stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Ends it as the kubelet does, and resolves with its exit code. */
export async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
  return child.exitCode;
}
