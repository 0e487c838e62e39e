import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorText } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import { askSettings, NobodyAnswered } from '../broker/ask-settings.js';
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
import { mendModes } from '../install/mend-modes.js';
import { enableTimer, wantedBy } from '../install/systemd-timer.js';
import { systemdOf } from '../install/systemd.js';
import { hostPaths, type HostPaths } from '../host/paths.js';
import { fillReserve } from '../spool/reserve.js';
import { readStandardInput } from './standard-input.js';

export const help = `engine-backup-shim install --broker-url URL --broker-user NAME --broker-password-file FILE [options]

Sets this engine host up: configuration, drop-in of engine-backup, spool, and a timer that delivers what waits. Asks nothing; may be
run again at any time, and changes then only what is asked for; modes of its files that became others are mended. At the end it tests
the connection to the broker, and whether its user may report about this engine.

  --broker-url URL              amqp://HOST[:PORT][/VHOST], or amqps://… for TLS
  --broker-user NAME            the user that "backup-awareness engines add FQDN --broker-user NAME" has made
  --broker-password-file FILE   a file that holds the password, - for standard input
  --broker-ca-file FILE         the authority that the broker's certificate is of, if it is a private one
  --broker-cert-file FILE --broker-key-file FILE   this host's certificate, where the broker asks for one
  --fqdn NAME                   the engine (oVirt's ENGINE_FQDN); of a host without an engine, the one that it belongs to
  --delivery-timeout-s N, --spool-max-bytes N, --keep-engine-notice yes|no, --engine-notice-timeout-s N,
  --excludable-tables NAMES, --node PATH           see engine-backup-shim(8)
  --no-connection-test          do not test the connection
  --renew                       where it is installed, bring drop-in and timer up to date with this program, and do nothing else;
                                a new package does it
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

/** Says nothing where it is not installed, or not any more. */
function renew(paths: HostPaths): number {
  const manifest = readManifest(paths);
  if (Object.hasOwn(manifest.files, paths.dropIn)) putAll(paths, manifest, []);
  return EXIT.fine;
}

/** @throws Failure where the drop-in would not know what to report about */
function requireEngine(text: string, paths: HostPaths): void {
  const { configuration } = parseConfiguration(text);
  const { reason } = configuredEngine(configuration, paths.root);
  if (reason !== undefined)
    throw wrongUse(`${reason}; name the engine that this host belongs to with --fqdn`);
}

/** Puts down what comes first, and then the files that are the same on every host. */
function putAll(paths: HostPaths, manifest: Manifest, first: readonly FileToPut[]): void {
  for (const path of mendModes(paths, manifest)) tell('mended', path);
  putFolder(manifest, paths.state, 0o700);
  putFolder(manifest, paths.spool, 0o700);
  fillReserve(paths.state);
  const hasSystemd = systemdOf(paths.root) !== 'none';
  if (hasSystemd) putFolder(manifest, dirname(wantedBy(paths.root)));
  for (const file of first) tell(putFile(paths, manifest, file), file.path);
  const { NODE } = readConfiguration(paths.configuration).configuration;
  for (const file of hostFiles(paths, NODE, manifest))
    tell(putFile(paths, manifest, file), file.path);
  const trouble = hasSystemd ? enableTimer(paths.root) : undefined;
  if (trouble !== undefined) warn(trouble);
}

function tell(outcome: PutOutcome, path: string): void {
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
    throw new Failure(`cannot read the password: ${errorText(error)}`);
  }
}

/** Asks what a backup would ask: that needs the broker, its user, the right to publish, the exchange, and somebody who answers. */
async function testConnection(paths: HostPaths, configuration: HostConfiguration): Promise<number> {
  try {
    const answer = await askSettings(configuration);
    print('the broker takes reports of this host, and its settings are answered');
    const warning = userWarning(paths, configuration, answer);
    if (warning !== undefined) warn(warning);
    return EXIT.fine;
  } catch (error) {
    if (error instanceof NobodyAnswered) {
      warn(`the broker takes reports of this host; but ${errorText(error)}`);
      return EXIT.fine;
    }
    warn(`installed, but no report can be delivered yet: ${errorText(error)}`);
    return error instanceof Failure ? error.exitCode : EXIT.unreachable;
  }
}
