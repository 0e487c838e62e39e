import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { configuredEngine, localEngine, type HostConfiguration } from '../host/configuration.js';
import type { HostPaths } from '../host/paths.js';
import { reportableEngines } from './reportable-engines.js';

/** What of this host may not be as its administrator believes, a line each. */
export function hostWarnings(paths: HostPaths, configuration: HostConfiguration): string[] {
  return [...engineWarnings(paths, configuration), ...programWarnings(paths)];
}

function engineWarnings({ root }: HostPaths, { FQDN }: HostConfiguration): string[] {
  const local = localEngine(root);
  if (FQDN === '' || local.isNone || local.fqdn === FQDN) return [];
  if (local.reason !== undefined) return [`${local.reason}: reports are about ${FQDN}`];
  return [
    `FQDN is ${FQDN}, but oVirt's ENGINE_FQDN is ${local.fqdn}: reports are about ${FQDN}; for the other one, run install again with --fqdn ""`,
  ];
}

/** oVirt's link, and what it leads to. */
const PROGRAMS = ['usr/bin/engine-backup', 'usr/share/ovirt-engine/bin/engine-backup.sh'];

function programWarnings({ root }: HostPaths): string[] {
  // Not followed: in another root a link leads out of it.
  const isThere = (path: string) => lstatSync(join(root, path), { throwIfNoEntry: false });
  if (PROGRAMS.some(isThere)) return [];
  return [
    `there is no engine-backup on this host (${join(root, PROGRAMS[0]!)}): only log-event and run report, until it is installed`,
  ];
}

const SHOWN_ENGINES = 3;

/**
 * That reports of this host will be refused, by the answer to its request for settings.
 *
 * @returns a line, or undefined where they are accepted, or where the answer does not say
 */
export function userWarning(
  { root }: HostPaths,
  configuration: HostConfiguration,
  answer: string,
): string | undefined {
  const { fqdn } = configuredEngine(configuration, root);
  const engines = reportableEngines(answer);
  if (!engines || engines.includes(fqdn)) return undefined;
  const more = engines.length - SHOWN_ENGINES;
  const shown = engines.slice(0, SHOWN_ENGINES).join(', ') + (more > 0 ? ` and ${more} more` : '');
  const user = configuration.BROKER_USER;
  return `broker user ${user} may report about ${shown} only: reports about ${fqdn} become dead letters; where the product is installed, run backup-awareness engines add ${fqdn} --broker-user ${user}`;
}
