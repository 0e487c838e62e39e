import { hostname } from 'node:os';
import { configuredEngine, readConfiguration, type HostConfiguration } from './configuration.js';
import { write } from '../output.js';
import { hostPaths, type HostPaths } from './paths.js';

/** The engine host that a command operates on. */
export interface Host {
  readonly paths: HostPaths;
  readonly configuration: HostConfiguration;
}

export const ROOT_OPTION = { root: { type: 'string' } } as const;

/** Reads the host's configuration; prints its problems on stderr. */
export function openHost(root: string | undefined): Host {
  const paths = hostPaths(root);
  const { configuration, problems, exists } = readConfiguration(paths.configuration);
  if (!exists) warn(`${paths.configuration} does not exist: run engine-backup-shim install`);
  for (const problem of problems) warn(`${paths.configuration}: ${problem}`);
  return { paths, configuration };
}

/** The engine of a report that names none. If none is known, it is this host's name, with a warning on stderr. */
export function engineOrHost({ paths, configuration }: Host): string {
  const { fqdn, reason } = configuredEngine(configuration, paths.root);
  if (reason === undefined) return fqdn;
  warn(`${reason}; the report is about ${hostname()}, the name of this host`);
  return hostname();
}

/** Prints one line on stderr. */
export function warn(message: string): void {
  write('stderr', `engine-backup-shim: ${message.replaceAll('\n', ' ')}\n`);
}

export function print(text: string): void {
  write('stdout', `${text}\n`);
}
