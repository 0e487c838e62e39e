import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { configuredEngine, localEngine, type HostConfiguration } from '../host/configuration.js';
import type { HostPaths } from '../host/paths.js';
import { reportableEngines } from './reportable-engines.js';

/** What may be wrong with this host, one line each. */
export function hostWarnings(paths: HostPaths, configuration: HostConfiguration): string[] {
  return [...engineWarnings(paths, configuration), ...programWarnings(paths)];
}

function engineWarnings({ root }: HostPaths, { FQDN }: HostConfiguration): string[] {
  const local = localEngine(root);
  if (FQDN === '' || local.isNone || local.fqdn === FQDN) return [];
  if (local.reason !== undefined) return [`${local.reason}: reports are about ${FQDN}`];
  return [
    `FQDN is ${FQDN}, but oVirt's ENGINE_FQDN is ${local.fqdn}: reports are about ${FQDN}; to use oVirt's, run install again with --fqdn ""`,
  ];
}

/** oVirt's link, and its target. */
const PROGRAMS = ['usr/bin/engine-backup', 'usr/share/ovirt-engine/bin/engine-backup.sh'];

function programWarnings({ root }: HostPaths): string[] {
  // Links are not followed: in another root they lead out of it.
  const exists = (path: string) => lstatSync(join(root, path), { throwIfNoEntry: false });
  if (PROGRAMS.some(exists)) return [];
  return [
    `engine-backup is not installed on this host (${join(root, PROGRAMS[0]!)}): until it is, only log-event and run report`,
  ];
}

const SHOWN_ENGINES = 3;

/**
 * Judges by the answer to a request for settings whether reports of this host will be refused.
 *
 * @returns a warning, or undefined if they are accepted or the answer does not say
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
