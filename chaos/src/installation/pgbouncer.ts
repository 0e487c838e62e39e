import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  createProgress,
  ensurePackages,
  spawnRecorded,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { NotAvailable } from './installation.js';
import type { Standby } from './standby.js';

export async function ensurePgbouncer(runDirectory: RunDirectory): Promise<void> {
  const packages = ['pgbouncer'];
  await ensurePackages(
    packages,
    'the trial of scaling needs',
    runDirectory,
    createProgress(),
  ).catch((error: Error) => {
    throw new NotAvailable(error.message);
  });
}

/**
 * Starts a PgBouncer in transaction mode in front of each of the two servers.
 *
 * @param urls of the roles that may connect, with their passwords
 * @returns their ports, in the order of the servers
 */
export async function startPgbouncers(
  runDirectory: RunDirectory,
  { primary, url, folder, user }: Standby,
  urls: readonly string[],
): Promise<readonly number[]> {
  const write = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text, { mode: 0o600 });
    chownSync(path, user.uid, user.gid);
    return path;
  };
  const users = urls.map((one) => {
    const { username, password } = new URL(one);
    return `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"\n`;
  });
  const authFile = write('pgbouncer-users', users.join(''));
  const ports: number[] = [];
  for (const server of [primary.port, Number(new URL(url).port)]) {
    const name = `pgbouncer-${server}`;
    const port = await runDirectory.port(name);
    const configuration = [
      '[databases]',
      `* = host=127.0.0.1 port=${server}`,
      '[pgbouncer]',
      'listen_addr = 127.0.0.1',
      `listen_port = ${port}`,
      'unix_socket_dir =',
      'auth_type = scram-sha-256',
      `auth_file = ${authFile}`,
      'pool_mode = transaction',
      'max_client_conn = 400',
      'default_pool_size = 10',
      'server_login_retry = 1',
      '',
    ];
    await spawnRecorded(runDirectory.processes, {
      name,
      kind: 'service',
      command: '/usr/sbin/pgbouncer',
      args: [write(`${name}.ini`, configuration.join('\n'))],
      env: { PATH: '/usr/bin:/bin' },
      cwd: folder,
      log: runDirectory.log(name),
      as: user,
    });
    ports.push(port);
  }
  return ports;
}
