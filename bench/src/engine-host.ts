import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const inShim = (path: string) =>
  fileURLToPath(new URL(`../../apps/engine-backup-shim/${path}`, import.meta.url));
/** The one file that an engine host gets. */
const PROGRAM = inShim('dist/bundle/engine-backup-shim.cjs');
const MEASURE_NOTIFY = inShim('test/stand-in/measure-notify.sh');

/** The shells that may be an engine host's `/bin/sh`. */
export const SHELLS = { dash: ['dash'], bash: ['bash', '--posix'] } as const;
export type Shell = keyof typeof SHELLS;

/** An engine host below a folder of its own, set up as `install` sets it up. */
export interface EngineHost {
  /** What one call of the drop-in's `notify_engine` takes for seven scopes, and one psql process for one, in milliseconds. */
  measureNotify(shell: Shell, databaseUrl: string): Promise<{ call: number; psql: number }>;
  /** Milliseconds from the start of the process to its end. @throws where the broker has not confirmed the event */
  measureLogEvent(): Promise<number>;
  remove(): void;
}

export async function setUpEngineHost(amqpUrl: string): Promise<EngineHost> {
  const root = mkdtempSync(join(tmpdir(), 'bench-engine-host-'));
  const { protocol, host, pathname, username, password } = new URL(amqpUrl);
  const environment = {
    BROKER_URL: `${protocol}//${host}${pathname}`,
    BROKER_USER: decodeURIComponent(username),
    BROKER_PASSWORD: decodeURIComponent(password),
  };
  // oVirt's own notice is the other side: what is ours is measured without it.
  const options = [
    ...['--fqdn', 'engine.example.com', '--keep-engine-notice', 'no'],
    ...['--no-connection-test', '--root', root],
  ];
  await run(
    process.execPath,
    [PROGRAM, 'install', '--node', process.execPath, ...options],
    environment,
  );
  const dropIn = join(
    root,
    'etc/ovirt-engine-backup/engine-backup-config.d/50-backup-awareness.sh',
  );
  return {
    measureNotify: async (shell, databaseUrl) => {
      const [program, ...posix] = SHELLS[shell];
      const log = join(root, 'backup.log');
      const { stdout } = await run(program, [...posix, MEASURE_NOTIFY, dropIn, log, '1', '-w'], {
        ...psqlEnvironment(databaseUrl),
        PATH: `${psqlFolder()}:${process.env['PATH']}`,
      });
      const [call, psql] = stdout.trim().split(' ').map(Number);
      if (!call || !psql) throw new Error(`psql could not call the database: see ${log}`);
      return { call: call / 1000, psql: psql / 1000 };
    },
    measureLogEvent: async () => {
      const args = ['log-event', '--scope', 'db', '--status', '0', '--root', root];
      const begin = performance.now();
      const { stderr } = await run(process.execPath, [PROGRAM, ...args]);
      const took = performance.now() - begin;
      if (stderr !== '') throw new Error(`log-event was not confirmed: ${stderr}`);
      return took;
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }),
  };
}

export const run = (
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
) =>
  promisify(execFile)(program, [...args], {
    env: { PATH: process.env['PATH'], ...environment },
  });

/** Debian's `psql` is a Perl program that runs the real one, and takes longer than that: an engine host has the real one. */
function psqlFolder(): string {
  const versions = '/usr/lib/postgresql';
  const newest = (existsSync(versions) ? readdirSync(versions) : [])
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(versions, version, 'bin'))
    .find((folder) => existsSync(join(folder, 'psql')));
  return newest ?? '/usr/bin';
}

function psqlEnvironment(databaseUrl: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: decodeURIComponent(username),
    PGPASSWORD: decodeURIComponent(password),
    PGDATABASE: decodeURIComponent(pathname.slice(1)),
  };
}
