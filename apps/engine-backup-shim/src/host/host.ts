import { hostname } from 'node:os';
import { configuredEngine, readConfiguration, type HostConfiguration } from './configuration.js';
import { write } from '../output.js';
import { hostPaths, type HostPaths } from './paths.js';

/** The engine host that a command works on. */
export interface Host {
  readonly paths: HostPaths;
  readonly configuration: HostConfiguration;
}

export const ROOT_OPTION = { root: { type: 'string' } } as const;

/** Reads the host's configuration; what is wrong with it is told on stderr. */
export function openHost(root: string | undefined): Host {
  const paths = hostPaths(root);
  const { configuration, problems, exists } = readConfiguration(paths.configuration);
  if (!exists) warn(`${paths.configuration} is not there: engine-backup-shim install makes it`);
  for (const problem of problems) warn(`${paths.configuration}: ${problem}`);
  return { paths, configuration };
}

/** The engine that a report is about which names none itself. Where none is known it is this host, which is said on stderr. */
export function engineOrHost({ paths, configuration }: Host): string {
  const { fqdn, reason } = configuredEngine(configuration, paths.root);
  if (reason === undefined) return fqdn;
  warn(`${reason}; the report is about ${hostname()}, which is this host's name`);
  return hostname();
}

/** One line for a person. */
export function warn(message: string): void {
  write('stderr', `engine-backup-shim: ${message.replaceAll('\n', ' ')}\n`);
}

export function print(text: string): void {
  write('stdout', `${text}\n`);
}
