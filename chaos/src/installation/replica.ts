import { spawn, type ChildProcess } from 'node:child_process';
import { chooseFreePort, programOf } from '@backup-awareness/local-servers';
import { eventually } from '@backup-awareness/testing';
import type { Installation, ServiceName } from './installation.js';
import { environmentOf } from './rabbitmqctl.js';

/** A service beside that of `npm start`. */
export interface Replica {
  readonly service: ServiceName;
  readonly process: ChildProcess;
  readonly url: string;
}

/** Starts a service in the environment of that of `npm start`, on another port. Resolves when it is live. */
export async function startReplica(
  installation: Installation,
  service: ServiceName,
  environment: Readonly<Record<string, string>> = {},
): Promise<Replica> {
  const first = await eventually(() => installation.pidOf(service), 60_000);
  const port = await chooseFreePort();
  const process_ = spawn(process.execPath, [programOf(service, installation.checkout)], {
    env: { ...environmentOf(first), ...environment, HTTP_PORT: String(port) },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  await eventually(() => fetch(`${url}/health/live`), 60_000);
  return { service, process: process_, url };
}
