import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { StartFailure } from '../output/start-failure.js';
import type { Progress } from '../output/progress.js';
import { ensurePackages } from '../packages/ensure-packages.js';
import type { RunDirectory } from '../run-directory/run-directory.js';

/** What Debian 13 has. The folder's name tells `findRabbitmq` the version. */
const HOME = 'rabbitmq_server-4.0.5';
const PROGRAMS = {
  'sbin/rabbitmq-server': `/usr/lib/rabbitmq/lib/${HOME}/sbin/rabbitmq-server`,
  'sbin/rabbitmqctl': `/usr/lib/rabbitmq/lib/${HOME}/sbin/rabbitmqctl`,
  'bin/erl': '/usr/bin/erl',
  'bin/epmd': '/usr/bin/epmd',
};

/**
 * A RabbitMQ 4 for tests on a machine that has an older one: the packages of Debian 13, with the Erlang and the libraries that they
 * need, in a folder of their own. Its programs see that folder's /usr in place of the machine's, in their own mount namespace, and
 * everything else as it is; each keeps its pid and working directory.
 *
 * @returns the folder for `RABBITMQ_HOME`, whose `bin` belongs on PATH
 * @throws StartFailure in one line where it cannot be had
 */
export async function ensureRabbitmq4(
  cache: string,
  runDirectory: RunDirectory,
  progress: Progress,
): Promise<string> {
  const home = join(cache, HOME);
  if (existsSync(home)) return home;
  if (process.getuid?.() !== 0)
    throw new StartFailure(
      'RABBITMQ=4 needs root, for a mount namespace; as another user, set RABBITMQ_HOME to an installed RabbitMQ 4',
    );
  await ensurePackages(['debootstrap'], 'RABBITMQ=4 needs', runDirectory, progress);
  await progress.step('RabbitMQ 4 of Debian 13, for tests (a minute)', () =>
    install(cache, home).catch((error: Error) => {
      const lines = `${error.message}\n${(error as { stdout?: string }).stdout ?? ''}`;
      throw new StartFailure(`RabbitMQ 4 cannot be installed: ${lines.trim()}`);
    }),
  );
  return home;
}

async function install(cache: string, home: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const aside = `${home}.partial`;
  rmSync(aside, { recursive: true, force: true });
  const root = join(aside, 'root');
  const args = ['--variant=minbase', '--include=rabbitmq-server', 'trixie', root];
  // Its users read its files: not with the umask of a test run.
  await promisify(execFile)('/bin/sh', ['-c', 'umask 022; exec debootstrap "$@"', 'sh', ...args], {
    env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` },
    maxBuffer: 16 * 2 ** 20,
  });
  for (const [name, program] of Object.entries(PROGRAMS)) {
    const path = join(aside, name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, entering(program));
    chmodSync(path, 0o755);
  }
  renameSync(aside, home);
}

/** A script that runs this program of the folder. Inside the namespace already, it only runs it. */
function entering(program: string): string {
  return `#!/bin/sh
[ ! -d /usr/lib/rabbitmq/lib/${HOME} ] || exec ${program} "$@"
root=$(dirname "$(dirname "$(readlink -f "$0")")")/root
exec unshare --mount sh -c 'mount --bind "$0/usr" /usr && exec ${program} "$@"' "$root" "$@"
`;
}
