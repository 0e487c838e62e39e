import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from '../../../setup/workspace.mjs';
import type { KubernetesObject } from './render-chart.js';

export interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- checked by the API's schemas
  [field: string]: any;
}

interface Pod {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- checked by the API's schemas
  readonly [field: string]: any;
}

/** The pod of a Deployment or a Job; undefined for other objects. */
export function podOf(object: KubernetesObject): Pod | undefined {
  return object['spec'].template?.spec;
}

/** The containers of an object's pod, in the order in which they start. */
export function containersOf(object: KubernetesObject): readonly Container[] {
  const { initContainers = [], containers } = podOf(object)!;
  return [...initContainers, ...containers];
}

interface Variables {
  readonly shape: Readonly<Record<string, { meta(): { isSecret?: boolean } | undefined }>>;
}

/** The compiled file in which a service says which variables it reads, and their name there. */
const SERVICES: Readonly<Record<string, readonly [string, string]>> = {
  ingest: ['apps/ingest/dist/ingest-configuration.js', 'INGEST_VARIABLES'],
  'freshness-checker': [
    'apps/freshness-checker/dist/checker-configuration.js',
    'CHECKER_VARIABLES',
  ],
  audit: ['apps/audit/dist/audit-configuration.js', 'AUDIT_VARIABLES'],
  notifier: ['apps/notifier/dist/notifier-configuration.js', 'NOTIFIER_VARIABLES'],
  console: ['apps/console/dist/console-configuration.js', 'CONSOLE_VARIABLES'],
};

/** The variables that the program of a container reads, and which of them are secret. */
export async function readVariables(
  container: string,
): Promise<{ readonly names: readonly string[]; readonly secret: readonly string[] }> {
  const service = SERVICES[container];
  if (!service) {
    const names = await administratorVariables(container);
    return { names, secret: names };
  }
  const [file, exported] = service;
  const { shape } = (await importCompiled<Record<string, Variables>>(file))[exported]!;
  const names = Object.keys(shape);
  return { names, secret: names.filter((name) => shape[name]!.meta()?.isSecret) };
}

async function administratorVariables(container: string): Promise<readonly string[]> {
  const { ROLE_PASSWORDS, USER_PASSWORDS } = await importCompiled<
    Record<string, { readonly variables: Readonly<Record<string, string>> }>
  >('apps/cli/dist/installation/passwords.js');
  return container === 'database-apply'
    ? ['DATABASE_URL', ...Object.values(ROLE_PASSWORDS!.variables)]
    : ['AMQP_URL', 'AMQP_MANAGEMENT_URL', ...Object.values(USER_PASSWORDS!.variables)];
}

/** A module of an application, which exports nothing but its program. */
function importCompiled<T>(file: string): Promise<T> {
  return import(pathToFileURL(join(checkout, file)).href) as Promise<T>;
}
