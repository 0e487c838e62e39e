import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programOf } from '@backup-awareness/local-servers';
import { CHECKOUT, compiledProgram } from '@backup-awareness/testing';
import { run } from './run-program.js';

/** The single file that is installed on an engine host. */
const PROGRAM = compiledProgram('engine-backup-shim');
const MEASURE_NOTIFY = programOf('engine-backup-shim', CHECKOUT, 'measure-notify');

/** The shells that `/bin/sh` of an engine host may be. */
export const SHELLS = { dash: ['dash'], bash: ['bash', '--posix'] } as const;
export type Shell = keyof typeof SHELLS;

/** An engine host in a folder of its own, as `install` sets it up. */
export interface EngineHost {
  /** The time of one call of the drop-in's `notify_engine` for seven scopes, and of one psql process for one scope, in ms. */
  measureNotify(shell: Shell, databaseUrl: string): Promise<{ call: number; psql: number }>;
  /** Sends one event by hand. @throws where the broker has not confirmed it */
  logEvent(): Promise<void>;
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
  // Without oVirt's own notice, which is the other side of the comparison.
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
    logEvent: async () => {
      const args = ['log-event', '--scope', 'db', '--status', '0', '--root', root];
      const { stderr } = await run(process.execPath, [PROGRAM, ...args]);
      if (stderr !== '') throw new Error(`log-event was not confirmed: ${stderr}`);
    },
    remove: () => rmSync(root, { recursive: true, force: true, maxRetries: 50, retryDelay: 100 }),
  };
}

/** The folder of the real psql, as on an engine host: Debian's `psql` is a slower Perl program that runs it. */
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
