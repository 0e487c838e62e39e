import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorText } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import { askSettings, NoAnswer } from '../broker/ask-settings.js';
import {
  configuredEngine,
  KEY_NAMES,
  parseConfiguration,
  readConfiguration,
  type HostConfiguration,
  type KeyName,
} from '../host/configuration.js';
import { EXIT, Failure, wrongUse } from '../failure.js';
import { print, ROOT_OPTION, warn } from '../host/host.js';
import { configurationText, optionOf, type Settings } from '../install/configuration-text.js';
import { hostFiles } from '../install/host-files.js';
import { hostWarnings, userWarning } from '../install/host-warnings.js';
import {
  putFile,
  putFolder,
  readManifest,
  type FileToPut,
  type Manifest,
  type PutOutcome,
} from '../install/manifest.js';
import { repairModes } from '../install/repair-modes.js';
import { enableTimer, wantedBy } from '../install/systemd-timer.js';
import { systemdOf } from '../install/systemd.js';
import { hostPaths, type HostPaths } from '../host/paths.js';
import { fillReserve } from '../spool/reserve.js';
import { readStandardInput } from './standard-input.js';

export const help = `engine-backup-shim install --broker-url URL --broker-user NAME --broker-password-file FILE [options]

Sets up this engine host: the configuration, the drop-in for engine-backup, the spool, and a timer that delivers pending reports.
It never prompts. It can be run again at any time: it then changes only what the options say, and repairs the modes of its files. At
the end it tests the connection to the broker, and whether its user may report about this engine.

  --broker-url URL              amqp://HOST[:PORT][/VHOST], or amqps://… for TLS
  --broker-user NAME            the user that "backup-awareness engines add FQDN --broker-user NAME" created
  --broker-password-file FILE   a file that contains the password, - for standard input
  --broker-ca-file FILE         the CA of the broker's certificate, if it is a private one
  --broker-cert-file FILE --broker-key-file FILE   this host's certificate and key, if the broker requires them
  --fqdn NAME                   the engine (default: oVirt's ENGINE_FQDN); on a host without an engine, the one it belongs to
  --delivery-timeout-s N, --spool-max-bytes N, --keep-engine-notice yes|no, --engine-notice-timeout-s N,
  --excludable-tables NAMES, --node PATH           see engine-backup-shim(8)
  --no-connection-test          do not test the connection
  --renew                       only update drop-in and timer to this program's version, if they are installed; a new package does it
  --root DIR                    another root

Every setting but NODE can be given as an environment variable instead, such as BROKER_URL and BROKER_PASSWORD.`;

/** Names a file: a password is never on a command line. */
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
  renew: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<number> {
  const values = parseCommand(args, OPTIONS) as Record<string, string | boolean | undefined>;
  const paths = hostPaths(values.root as string | undefined);
  if (values.renew) return renew(paths);
  const present = existsSync(paths.configuration)
    ? readFileSync(paths.configuration, 'utf8')
    : undefined;
  const configuration = configurationText(present, await readSettings(values));
  requireEngine(configuration, paths);
  const content = Buffer.from(configuration);
  putAll(paths, readManifest(paths), [{ path: paths.configuration, content, mode: 0o600 }]);
  const { configuration: now } = readConfiguration(paths.configuration);
  for (const warning of hostWarnings(paths, now)) warn(warning);
  return values['no-connection-test'] ? EXIT.fine : testConnection(paths, now);
}

/** Does nothing if it is not installed. */
function renew(paths: HostPaths): number {
  const manifest = readManifest(paths);
  if (Object.hasOwn(manifest.files, paths.dropIn)) putAll(paths, manifest, []);
  return EXIT.fine;
}

/** @throws Failure if the drop-in would not know which engine to report about */
function requireEngine(text: string, paths: HostPaths): void {
  const { configuration } = parseConfiguration(text);
  const { reason } = configuredEngine(configuration, paths.root);
  if (reason !== undefined)
    throw wrongUse(`${reason}; use --fqdn to name the engine that this host belongs to`);
}

/** Writes the `first` files, and then those that are the same on every host. */
function putAll(paths: HostPaths, manifest: Manifest, first: readonly FileToPut[]): void {
  for (const path of repairModes(paths, manifest)) printFile('repaired', path);
  putFolder(manifest, paths.state, 0o700);
  putFolder(manifest, paths.spool, 0o700);
  fillReserve(paths.state);
  const hasSystemd = systemdOf(paths.root) !== 'none';
  if (hasSystemd) putFolder(manifest, dirname(wantedBy(paths.root)));
  for (const file of first) printFile(putFile(paths, manifest, file), file.path);
  const { NODE } = readConfiguration(paths.configuration).configuration;
  for (const file of hostFiles(paths, NODE, manifest))
    printFile(putFile(paths, manifest, file), file.path);
  const failure = hasSystemd ? enableTimer(paths.root) : undefined;
  if (failure !== undefined) warn(failure);
}

function printFile(outcome: PutOutcome, path: string): void {
  print(`${outcome.padEnd('unchanged'.length)}  ${path}`);
}

async function readSettings(
  values: Readonly<Record<string, string | boolean | undefined>>,
): Promise<Settings> {
  const settings: Settings = {};
  const set = (name: KeyName, value: string | boolean | undefined) => {
    if (typeof value === 'string') settings[name] = value;
  };
  for (const name of KEY_NAMES) {
    // npm sets NODE in the environment of every program that it runs.
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
    throw new Failure(`cannot read the password: ${errorText(error)}`);
  }
}

/** Sends a backup's request for settings: that needs the broker, its user, the permission to publish, the exchange, and ingest. */
async function testConnection(paths: HostPaths, configuration: HostConfiguration): Promise<number> {
  try {
    const answer = await askSettings(configuration);
    print('the broker accepts reports of this host, and its request for settings was answered');
    const warning = userWarning(paths, configuration, answer);
    if (warning !== undefined) warn(warning);
    return EXIT.fine;
  } catch (error) {
    if (error instanceof NoAnswer) {
      warn(`the broker accepts reports of this host; but ${errorText(error)}`);
      return EXIT.fine;
    }
    warn(`installed, but no report can be delivered yet: ${errorText(error)}`);
    return error instanceof Failure ? error.exitCode : EXIT.unreachable;
  }
}
