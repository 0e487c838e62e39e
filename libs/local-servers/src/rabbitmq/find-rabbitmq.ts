import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface RabbitmqInstallation {
  /** `sbin/rabbitmq-server` itself, not the wrapper on PATH, which changes user and settings. */
  readonly server: string;
  readonly epmd: string;
  readonly version: string;
  /** The PATH on which `erl` and what it needs are found. */
  readonly path: string;
}

const PACKAGE_FOLDER = '/usr/lib/rabbitmq/lib';
const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** This machine's RabbitMQ, or the one in `RABBITMQ_HOME`; undefined where there is none that can run. */
export function findRabbitmq(
  environment: NodeJS.ProcessEnv = process.env,
): RabbitmqInstallation | undefined {
  const override = environment['RABBITMQ_HOME'];
  const homes = override ? [override] : [...packagedHomes(), '/opt/rabbitmq'];
  const home = homes.find((one) => existsSync(join(one, 'sbin', 'rabbitmq-server')));
  if (!home || (home.startsWith(PACKAGE_FOLDER) && isHalfInstalled())) return undefined;
  const path = `${environment['PATH'] ?? ''}:${SYSTEM_PATH}`;
  const erl = onPath('erl', path);
  const epmd = onPath('epmd', path) ?? (erl && besideErlang(erl, path));
  if (!erl || !epmd) return undefined;
  return {
    server: join(home, 'sbin', 'rabbitmq-server'),
    epmd,
    version: versionOf(home),
    path: [...new Set([dirname(erl), ...SYSTEM_PATH.split(':')])].join(':'),
  };
}

/** Newest first. */
function packagedHomes(): string[] {
  if (!existsSync(PACKAGE_FOLDER)) return [];
  return readdirSync(PACKAGE_FOLDER)
    .filter((name) => name.startsWith('rabbitmq_server-'))
    .sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
    .map((name) => join(PACKAGE_FOLDER, name));
}

/** Its files are there before the package is configured, and before Erlang is installed. */
function isHalfInstalled(): boolean {
  const { status, stdout } = spawnSync(
    'dpkg-query',
    ['--show', '--showformat', '${Status}', 'rabbitmq-server'],
    { encoding: 'utf8' },
  );
  return status === 0 && stdout !== 'install ok installed';
}

function versionOf(home: string): string {
  const fromName = /rabbitmq_server-([\d.]+)/.exec(home)?.[1];
  if (fromName) return fromName;
  const plugins = join(home, 'plugins');
  const rabbit = existsSync(plugins)
    ? readdirSync(plugins).find((name) => /^rabbit-\d/.test(name))
    : undefined;
  return rabbit?.replace(/^rabbit-/, '').replace(/\.ez$/, '') ?? '';
}

function besideErlang(erl: string, path: string): string | undefined {
  const expression = 'io:format("~s", [code:root_dir()]), halt().';
  const { stdout } = spawnSync(erl, ['-noinput', '-boot', 'start_clean', '-eval', expression], {
    encoding: 'utf8',
    env: { PATH: path, HOME: '/' },
  });
  if (!stdout) return undefined;
  const erts = readdirSync(stdout).find((name) => name.startsWith('erts-'));
  return [join(stdout, 'bin', 'epmd'), join(stdout, erts ?? '', 'bin', 'epmd')].find(isExecutable);
}

function onPath(name: string, path: string): string | undefined {
  return path
    .split(':')
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
