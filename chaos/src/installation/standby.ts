import { execFileSync } from 'node:child_process';
import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { spawnRecorded, type Postgresql, type RunDirectory } from '@backup-awareness/local-servers';
import { eventually } from '@backup-awareness/testing';
import { environmentOf } from './rabbitmqctl.js';

/** A server of PostgreSQL and its hot standby, which has everything before a commit is answered. */
export interface Standby {
  readonly primary: Postgresql;
  /** The standby itself, as the owner. */
  readonly url: string;
  /** Both servers in one URL, of which the primary is to be taken. */
  readonly bothUrl: string;
  /** A folder that the user of the servers can read, and who that is. */
  readonly folder: string;
  readonly user: { readonly uid: number; readonly gid: number };
  /** Makes it the primary. The other one must have ended. */
  promote(): Promise<void>;
}

/** Copies a running server and starts the copy as its standby; from then on each commit waits for it. */
export async function startStandby(
  runDirectory: RunDirectory,
  primary: Postgresql,
): Promise<Standby> {
  const [command, ...args] = readFileSync(`/proc/${primary.pid!}/cmdline`, 'utf8')
    .split('\0')
    .filter(Boolean);
  const data = args[args.indexOf('-D') + 1]!;
  const copy = join(dirname(data), 'standby');
  const { uid, gid } = statSync(data);
  const port = await runDirectory.port('standby');
  const url = new URL(primary.databaseUrl);
  const { username, password, pathname } = url;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query("SELECT pg_backup_start('standby', true)");
    execFileSync('cp', ['-a', data, copy]);
    const { rows } = await client.query<{ label: string }>(
      'SELECT labelfile AS label FROM pg_backup_stop(false)',
    );
    const write = (name: string, text: string): void => {
      writeFileSync(join(copy, name), text, { mode: 0o600 });
      chownSync(join(copy, name), uid, gid);
    };
    write('backup_label', rows[0]!.label);
    write('standby.signal', '');
    execFileSync('rm', ['-f', join(copy, 'postmaster.pid')]);
    const settings = {
      port,
      primary_conninfo: `host=127.0.0.1 port=${primary.port} user=${username} password=${password}`,
    };
    await spawnRecorded(runDirectory.processes, {
      name: 'standby',
      kind: 'database',
      command: command!,
      args: [
        ...args.map((text) => (text === data ? copy : text)),
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      env: environmentOf(primary.pid!),
      cwd: dirname(data),
      log: runDirectory.log('standby'),
      as: { uid, gid },
    });
    await eventually(async () => {
      const { rowCount } = await client.query(
        "SELECT FROM pg_stat_replication WHERE state = 'streaming'",
      );
      if (rowCount === 0) throw new Error('the standby does not stream yet');
    }, 60_000);
    await client.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
    await client.query('SELECT pg_reload_conf()');
  } finally {
    await client.end();
  }
  const own = new URL(url);
  own.port = String(port);
  const both = `postgresql://${username}:${password}@127.0.0.1:${primary.port}${pathname}`;
  return {
    primary,
    url: own.href,
    bothUrl: withServers(both, [primary.port, port]),
    folder: dirname(data),
    user: { uid, gid },
    async promote() {
      const standby = new pg.Client({ connectionString: own.href });
      await standby.connect();
      await standby.query('SELECT pg_promote()').finally(() => standby.end());
    },
  };
}

/** The URL with servers on these ports of loopback, of which the primary is to be taken. */
export function withServers(url: string, ports: readonly number[]): string {
  const several = new URL(url);
  several.searchParams.set('host', ports.map(() => '127.0.0.1').join(','));
  several.searchParams.set('port', ports.join(','));
  several.searchParams.set('target_session_attrs', 'read-write');
  return several.href;
}
