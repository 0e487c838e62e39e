import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.js';
import { freePort } from './free-port.js';

/** A real PgBouncer in transaction mode, before one server of PostgreSQL on loopback. */
export interface RunningPgbouncer {
  readonly port: number;
  /** The given URL of that server through it. */
  urlThrough(url: string): string;
  /** All that it has logged. */
  output(): string;
  stop(): Promise<void>;
}

/** It refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/**
 * Needs the program `pgbouncer`.
 *
 * @param urls of the roles that may connect, with their passwords
 */
export async function runPgbouncer(
  serverPort: number | string,
  urls: readonly string[],
): Promise<RunningPgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'pgbouncer-'));
  const user = process.getuid?.() === 0 ? NOBODY : undefined;
  if (user) chownSync(folder, user.uid, user.gid);
  const write = (name: string, lines: readonly string[]): string => {
    const path = join(folder, name);
    writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
    if (user) chownSync(path, user.uid, user.gid);
    return path;
  };
  const users = write(
    'users',
    urls.map((url) => {
      const { username, password } = new URL(url);
      return `"${decodeURIComponent(username)}" "${decodeURIComponent(password)}"`;
    }),
  );
  const port = await freePort();
  const configuration = write('pgbouncer.ini', [
    '[databases]',
    `* = host=127.0.0.1 port=${serverPort}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = scram-sha-256',
    `auth_file = ${users}`,
    'pool_mode = transaction',
    'max_client_conn = 400',
    'default_pool_size = 10',
    'server_login_retry = 1',
  ]);
  const child = spawn('/usr/sbin/pgbouncer', [configuration], {
    cwd: '/',
    env: { PATH: '/usr/bin:/bin' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...user,
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
  let ended = '';
  child.once('error', (error) => (ended = error.message));
  child.once('exit', (code, signal) => (ended = signal ?? `exit ${code}`));
  const stop = async (): Promise<void> => {
    if (ended === '') {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await eventually(() => accepts(port), 30_000);
  } catch (error) {
    await stop();
    throw new Error(`PgBouncer does not answer (${ended || 'it runs'}): ${output}`, {
      cause: error,
    });
  }
  return {
    port,
    urlThrough: (url) => {
      const through = new URL(url);
      through.hostname = '127.0.0.1';
      through.port = String(port);
      return through.href;
    },
    output: () => output,
    stop,
  };
}

async function accepts(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect').finally(() => socket.destroy());
}
