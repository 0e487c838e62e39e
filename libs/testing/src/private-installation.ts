import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { makeTemporaryRunDirectory, npmStart, type Endpoints } from './npm-start.js';

/** The product with its own broker and database: what a test does to the broker affects no other test. */
export interface PrivateInstallation {
  readonly folder: string;
  readonly endpoints: Endpoints;
  /** Runs one of RabbitMQ's own programs for its broker. */
  rabbitmq(
    program: 'rabbitmqctl' | 'rabbitmq-plugins',
    ...args: readonly string[]
  ): Promise<unknown>;
  stop(): Promise<void>;
}

/** @param configure returns additional lines of `rabbitmq.conf` */
export async function startPrivateInstallation(
  configure: (folder: string) => Promise<readonly string[]>,
): Promise<PrivateInstallation> {
  const folder = makeTemporaryRunDirectory('private-installation-');
  const parts = join(folder, 'rabbitmq', 'conf.d');
  mkdirSync(parts, { recursive: true, mode: 0o700 });
  const lines = await configure(folder);
  writeFileSync(join(parts, '50-test.conf'), lines.map((line) => `${line}\n`).join(''));
  const start = await npmStart(folder);
  return {
    folder,
    endpoints: start.endpoints(),
    rabbitmq: (program, ...args) => {
      const environment = brokerEnvironment(folder);
      // RabbitMQ sets ERL_LIBS to its plugins folder.
      const home = dirname(environment.ERL_LIBS!.split(':')[0]!);
      // It names its folder by its working directory.
      const cwd = join(folder, 'rabbitmq');
      const options = { cwd, env: environment, timeout: 60_000 };
      return promisify(execFile)(join(home, 'sbin', program), args, options);
    },
    stop: async () => {
      await start.end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The environment of its broker: cookie, node name and epmd port are private. */
function brokerEnvironment(folder: string): Record<string, string> {
  const pid = readFileSync(join(folder, 'rabbitmq', 'rabbitmq.pid'), 'utf8').trim();
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').filter(Boolean);
  return Object.fromEntries(
    variables.map((text) => {
      const at = text.indexOf('=');
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}
