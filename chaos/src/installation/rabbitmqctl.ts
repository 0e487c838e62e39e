import { execFile } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findRabbitmq } from '@backup-awareness/local-servers';

/** Runs `rabbitmqctl` for the private node with this pid, in its environment, which has its own cookie, name and epmd. */
export async function rabbitmqctl(brokerPid: number, ...args: string[]): Promise<void> {
  const installation = findRabbitmq();
  if (!installation) throw new Error('there is no RabbitMQ on this machine');
  const program = join(dirname(installation.server), 'rabbitmqctl');
  // The node names its folder by its working directory.
  const cwd = readlinkSync(`/proc/${brokerPid}/cwd`);
  const env = environmentOf(brokerPid);
  await promisify(execFile)(program, args, { cwd, env, timeout: 60_000 });
}

/** The environment that a process was started with. */
export function environmentOf(pid: number): Record<string, string> {
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    variables.map((text) => {
      const at = text.indexOf('=');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
