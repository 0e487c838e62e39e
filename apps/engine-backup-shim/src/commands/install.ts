import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { parseCommand } from '../arguments.js';
import { askSettings, NobodyAnswered } from '../ask-settings.js';
import {
  configuredEngine,
  KEY_NAMES,
  parseConfiguration,
  readConfiguration,
  type KeyName,
} from '../configuration.js';
import { EXIT, Failure, messageOf, wrongUse } from '../failure.js';
import { print, ROOT_OPTION, warn } from '../host.js';
import { configurationText, optionOf, type Settings } from '../install/configuration-text.js';
import { hasSystemd, hostFiles } from '../install/host-files.js';
import { putFile, putFolder, readManifest } from '../install/manifest.js';
import { enableTimer, wantedBy } from '../install/systemd-timer.js';
import { hostPaths, type HostPaths } from '../paths.js';
import { fillReserve } from '../reserve.js';
import { readStandardInput } from '../standard-input.js';

export const help = `engine-backup-shim install --broker-url URL --broker-user NAME --broker-password-file FILE [options]

Sets this engine host up: configuration, drop-in of engine-backup, spool, and a timer that delivers what waits. Asks nothing; may be
run again at any time, and changes then only what is asked for. At the end it tests the connection to the broker.

  --broker-url URL              amqp://HOST[:PORT][/VHOST], or amqps://… for TLS
  --broker-user NAME            the user that "backup-awareness engines add FQDN --broker-user NAME" has made
  --broker-password-file FILE   a file that holds the password, - for standard input
  --broker-ca-file FILE         the authority that the broker's certificate is of, if it is a private one
  --broker-cert-file FILE --broker-key-file FILE   this host's certificate, where the broker asks for one
  --fqdn NAME                   the engine (oVirt's ENGINE_FQDN); of a host without an engine, the one that it belongs to
  --delivery-timeout-s N, --spool-max-bytes N, --keep-engine-notice yes|no, --engine-notice-timeout-s N,
  --excludable-tables NAMES, --node PATH           see engine-backup-shim(8)
  --no-connection-test          do not test the connection
  --root DIR                    another root

Each of them may be given as a variable of the environment instead, as BROKER_URL and BROKER_PASSWORD, but NODE.`;

/** Its option names a file: a password is never on a command line. */
const PASSWORD_FILE = 'broker-password-file';

const OPTIONS = {
  ...ROOT_OPTION,
  ...Object.fromEntries(
    KEY_NAMES.filter((name) => name !== 'BROKER_PASSWORD').map((name) => [
      optionOf(name).slice(2),
      { type: 'string' } as const,
    ]),
  ),
  [PASSWORD_FILE]: { type: 'string' },
  'no-connection-test': { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const values = parseCommand(args, OPTIONS) as Record<string, string | boolean | undefined>;
  const paths = hostPaths(values.root as string | undefined);
  const present = existsSync(paths.configuration)
    ? readFileSync(paths.configuration, 'utf8')
    : undefined;
  const configuration = configurationText(present, await readSettings(values));
  requireEngine(configuration, paths);
  putAll(paths, configuration);
  const trouble = hasSystemd(paths.root) ? enableTimer(paths.root) : undefined;
  if (trouble !== undefined) warn(trouble);
  return values['no-connection-test'] ? EXIT.fine : testConnection(paths);
}

/** @throws Failure where the drop-in would not know what to report about */
function requireEngine(text: string, paths: HostPaths): void {
  const { configuration } = parseConfiguration(text);
  const { reason } = configuredEngine(configuration, paths.root);
  if (reason !== undefined)
    throw wrongUse(`${reason}; name the engine that this host belongs to with --fqdn`);
}

function putAll(paths: HostPaths, configuration: string): void {
  const manifest = readManifest(paths);
  putFolder(manifest, paths.state, 0o700);
  putFolder(manifest, paths.spool, 0o700);
  fillReserve(paths.state);
  if (hasSystemd(paths.root)) putFolder(manifest, dirname(wantedBy(paths.root)));
  const content = Buffer.from(configuration);
  const { NODE } = parseConfiguration(configuration).configuration;
  const files = [{ path: paths.configuration, content, mode: 0o600 }, ...hostFiles(paths, NODE)];
  for (const file of files)
    print(`${putFile(paths, manifest, file) ? 'installed' : 'unchanged'}  ${file.path}`);
}

async function readSettings(
  values: Readonly<Record<string, string | boolean | undefined>>,
): Promise<Settings> {
  const settings: Settings = {};
  const set = (name: KeyName, value: string | boolean | undefined) => {
    if (typeof value === 'string') settings[name] = value;
  };
  for (const name of KEY_NAMES) {
    // NODE is what npm puts into the environment of whatever it runs.
    if (name !== 'NODE') set(name, process.env[name]);
    if (name !== 'BROKER_PASSWORD') set(name, values[optionOf(name).slice(2)]);
  }
  const passwordFile = values[PASSWORD_FILE];
  if (typeof passwordFile === 'string') set('BROKER_PASSWORD', await readPassword(passwordFile));
  return settings;
}

async function readPassword(file: string): Promise<string> {
  try {
    const bytes = file === '-' ? await readStandardInput() : readFileSync(file);
    return bytes.toString('utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Failure(`cannot read the password: ${messageOf(error)}`);
  }
}

/** Asks what a backup would ask: that needs the broker, its user, the right to publish, the exchange, and somebody who answers. */
async function testConnection(paths: HostPaths): Promise<number> {
  try {
    await askSettings(readConfiguration(paths.configuration).configuration);
    print('the broker takes reports of this host, and its settings are answered');
    return EXIT.fine;
  } catch (error) {
    if (error instanceof NobodyAnswered) {
      warn(`the broker takes reports of this host; but ${messageOf(error)}`);
      return EXIT.fine;
    }
    warn(`installed, but no report can be delivered yet: ${messageOf(error)}`);
    return error instanceof Failure ? error.exitCode : EXIT.unreachable;
  }
}
