import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { variableText } from '@backup-awareness/service/variable-text';
import { replaceFile } from '@backup-awareness/local-servers';
import { checkout } from './checkout.js';

/** What the configuration of this host as an engine host is made of. */
export interface TrialHost {
  readonly fqdn: string;
  /** The broker as somebody who may publish reports. */
  readonly amqpUrl: string;
  /** `AMQP_CA`, `AMQP_CERT` and `AMQP_KEY`, each also as `…_FILE`, where the broker needs them. */
  readonly certificates: Readonly<Record<string, string>>;
}

/** The root that engine-backup-shim gets for a trial: this host's own configuration and spool stay as they are. */
export function trialRoot(runDirectory: string): string {
  return join(runDirectory, 'trial-host');
}

/** The command that reports a trial backup of this host, both scopes, by the configuration below `root`. */
export function trialCommand(root: string): string {
  return `npx engine-backup-shim log-event --scope all --status 1 --root ${quoted(root)}`;
}

/** The same for a shell that is anywhere: elsewhere than in the checkout, npx would ask a registry for that name. */
export function trialCommandAnywhere(runDirectory: string): string {
  return `cd ${quoted(checkout)} && ${trialCommand(trialRoot(runDirectory))}`;
}

/** Writes this host's configuration for a trial, for its owner only: it has the broker's password. */
export function writeTrialHost(runDirectory: string, host: TrialHost): void {
  const folder = configurationFolder(runDirectory);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { protocol, host: place, pathname, username, password } = new URL(host.amqpUrl);
  const settings = [
    ['BROKER_URL', `${protocol}//${place}${pathname}`],
    ['BROKER_USER', decodeURIComponent(username)],
    ['BROKER_PASSWORD', decodeURIComponent(password)],
    ['FQDN', host.fqdn],
  ];
  for (const name of ['CA', 'CERT', 'KEY']) {
    const text = variableText(host.certificates, `AMQP_${name}`);
    if (text === undefined) continue;
    const file = join(folder, `${name.toLowerCase()}.pem`);
    replaceFile(file, `${text}\n`);
    settings.push([`BROKER_${name}_FILE`, file]);
  }
  const lines = settings.map(([name, value]) => `${name}=${value}\n`);
  replaceFile(join(folder, 'backup-awareness.conf'), lines.join(''));
}

/** Removes the configuration with its password; reports in the spool stay. */
export function removeTrialHost(runDirectory: string): void {
  rmSync(configurationFolder(runDirectory), { recursive: true, force: true });
}

function configurationFolder(runDirectory: string): string {
  return join(trialRoot(runDirectory), 'etc', 'ovirt-engine-backup');
}

/** Quoted for a shell. */
export function quoted(path: string): string {
  return /^[\w./@+-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
