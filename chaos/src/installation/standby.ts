import { execFileSync } from 'node:child_process';
import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { spawnRecorded, type Postgresql, type RunDirectory } from '@backup-awareness/local-servers';
import { eventually } from '@backup-awareness/testing';
import { environmentOf } from './rabbitmqctl.js';

/** A server of PostgreSQL and its hot standby, which has everything before a commit is answered. */
export interface Standby {
  /** The ports of the two. */
  readonly ports: readonly number[];
  /** Both servers in one URL, of which the primary is to be taken. */
  readonly bothUrl: string;
  /** Kills the primary and makes the standby the primary, as a fail-over manager does. */
  failOver(): Promise<void>;
  /** After a fail-over, starts the former primary as a copy and the standby of the new one. */
  rejoin(): Promise<void>;
}

/** Starts a copy of a running server as its standby; from then on each commit waits for it. */
export async function startStandby(
  runDirectory: RunDirectory,
  primary: Postgresql,
): Promise<Standby> {
  const pid = primary.pid!;
  const [command, ...args] = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
    .split('\0')
    .filter(Boolean);
  const env = environmentOf(pid);
  const data = args[args.indexOf('-D') + 1]!;
  const copy = join(dirname(data), 'standby');
  const { uid, gid } = statSync(data);
  const port = await runDirectory.port('standby');
  const direct = new URL(primary.databaseUrl);
  const urlAt = (at: number): string => Object.assign(new URL(direct), { port: String(at) }).href;

  const write = (path: string, text: string): void => {
    writeFileSync(path, text, { mode: 0o600 });
    chownSync(path, uid, gid);
  };

  /** Starts a copy of the server at `from` in `to` as its standby, and resolves when each commit of it waits for that. */
  async function follow(from: Place, to: Place): Promise<void> {
    const client = new pg.Client({ connectionString: urlAt(from.port) });
    await client.connect();
    try {
      await client.query("SELECT pg_backup_start('standby', true)");
      execFileSync('rm', ['-rf', to.data]);
      // Files that vanish meanwhile are no matter. The log comes from the server itself: a copied file of it may be half written.
      execFileSync('sh', ['-c', 'cp -a "$0" "$1" || test -f "$1/PG_VERSION"', from.data, to.data], {
        stdio: 'ignore',
      });
      execFileSync('find', [join(to.data, 'pg_wal'), '-type', 'f', '-delete']);
      const { rows } = await client.query<{ label: string }>(
        'SELECT labelfile AS label FROM pg_backup_stop(false)',
      );
      write(join(to.data, 'backup_label'), rows[0]!.label);
      write(join(to.data, 'standby.signal'), '');
      execFileSync('rm', ['-f', join(to.data, 'postmaster.pid')]);
      const settings = {
        port: to.port,
        primary_conninfo: `host=127.0.0.1 port=${from.port} user=${direct.username} password=${direct.password}`,
      };
      const name = `standby-${to.port}`;
      await spawnRecorded(runDirectory.processes, {
        name,
        kind: 'database',
        command: command!,
        args: [
          ...args.map((text) => (text === data ? to.data : text)),
          ...Object.entries(settings).flatMap(([setting, value]) => ['-c', `${setting}=${value}`]),
        ],
        env,
        cwd: dirname(data),
        log: runDirectory.log(name),
        as: { uid, gid },
      });
      await eventually(async () => {
        const { rowCount } = await client.query(
          "SELECT FROM pg_stat_replication WHERE state = 'streaming'",
        );
        if (rowCount === 0) throw new Error('the standby does not stream yet');
      }, 120_000);
      await client.query("ALTER SYSTEM SET synchronous_standby_names = '*'");
      await client.query('SELECT pg_reload_conf()');
    } finally {
      await client.end();
    }
  }

  const first = { data, port: primary.port };
  const second = { data: copy, port };
  await follow(first, second);
  return {
    ports: [primary.port, port],
    bothUrl: withServers(primary.databaseUrl, [primary.port, port]),
    async failOver() {
      primary.kill();
      await primary.ended();
      const standby = new pg.Client({ connectionString: urlAt(port) });
      await standby.connect();
      await standby.query('SELECT pg_promote()').finally(() => standby.end());
    },
    rejoin: () => follow(second, first),
  };
}

interface Place {
  readonly data: string;
  readonly port: number;
}

/** The URL with servers on these ports of loopback, of which the primary is to be taken. */
export function withServers(url: string, ports: readonly number[]): string {
  const several = new URL(url);
  several.searchParams.set('host', ports.map(() => '127.0.0.1').join(','));
  several.searchParams.set('port', ports.join(','));
  several.searchParams.set('target_session_attrs', 'read-write');
  return several.href;
}
