import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseFreePort, programOf } from '@backup-awareness/local-servers';
import { eventually } from '@backup-awareness/testing';
import type { Installation, ServiceName } from './installation.js';
import { environmentOf } from './rabbitmqctl.js';

/** A service beside that of `npm start`. */
export interface Replica {
  readonly service: ServiceName;
  readonly process: ChildProcess;
  readonly url: string;
  /** The path of its log. */
  readonly log: string;
}

/** Twelve of them start while the load runs. */
const LIVE_WITHIN_MS = 180_000;
const LOG_END = 2_000;

/** Starts a service in the environment of that of `npm start`, on another port. Resolves when it is live. */
export async function startReplica(
  installation: Installation,
  service: ServiceName,
  environment: Readonly<Record<string, string>> = {},
): Promise<Replica> {
  const first = await eventually(() => installation.pidOf(service), 60_000);
  const port = await chooseFreePort();
  const log = join(installation.folder, `${service}-${port}.log`);
  const output = openSync(log, 'a', 0o600);
  const child = spawn(process.execPath, [programOf(service, installation.checkout)], {
    env: { ...environmentOf(first), ...environment, HTTP_PORT: String(port) },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const replica = { service, process: child, url: `http://127.0.0.1:${port}`, log };
  await eventually(() => live(replica), LIVE_WITHIN_MS);
  return replica;
}

/** @throws with the end of its log where it has ended, and while it does not answer */
async function live(replica: Replica): Promise<void> {
  ensureRuns(replica);
  await fetch(`${replica.url}/health/live`);
}

/** @throws with the end of its log where it has ended */
export function ensureRuns({ service, process: { exitCode, signalCode }, log }: Replica): void {
  if (exitCode === null && signalCode === null) return;
  const end = readFileSync(log, 'utf8').slice(-LOG_END);
  throw new Error(`${service} ended (${signalCode ?? `exit ${exitCode}`}): ${end}`);
}
