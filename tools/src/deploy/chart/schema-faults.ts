import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from '../../../setup/workspace.mjs';
import type { KubernetesObject } from './render-chart.js';

/** Packages that know nothing of ours. */
const foreign = createRequire(join(checkout, 'e2e', 'foreign', 'package.json'));

/**
 * What the API's schema of an object's kind refuses, and the fields that it does not have.
 *
 * The API server drops unknown fields silently, and so do the schemas. But a validator reads every field that it has: what it never
 * read is unknown.
 *
 * @throws if there is no schema of that kind
 */
export async function schemaFaults(object: KubernetesObject): Promise<string[]> {
  const { apiVersion, kind, metadata } = object;
  const where = `${kind} ${metadata.name}`;
  const model = await modelOf(apiVersion, kind);
  const read = new Set<string>();
  try {
    model.prototype.validate.call(noting(object, '', read));
  } catch (error) {
    return [`${where}: ${(error as Error).message}`];
  }
  return unread(object, '', read).map((path) => `${where}: unknown field ${path}`);
}

interface Model {
  readonly prototype: { validate(this: object): void };
}

async function modelOf(apiVersion: string, kind: string): Promise<Model> {
  const from = apiVersion.startsWith('keda.sh/') ? '@kubernetes-models/keda' : 'kubernetes-models';
  // The packages are ES modules, and export nothing for require: their folder is found by the file beside them.
  const folder = join(foreign.resolve.paths(from)![0]!, from);
  const file = join(folder, ...apiVersion.split('/'), `${kind}.js`);
  return ((await import(pathToFileURL(file).href)) as Record<string, Model>)[kind]!;
}

/** The value, which notes the path of each field that is read. */
function noting(value: unknown, path: string, read: Set<string>): object {
  return new Proxy(value as object, {
    get(target, key) {
      const field: unknown = Reflect.get(target, key);
      if (typeof key === 'symbol') return field;
      const fieldPath = `${path}/${key}`;
      read.add(fieldPath);
      return typeof field === 'object' && field !== null ? noting(field, fieldPath, read) : field;
    },
  });
}

function unread(value: unknown, path: string, read: ReadonlySet<string>): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, field]) => {
    const fieldPath = `${path}/${key}`;
    return read.has(fieldPath) ? unread(field, fieldPath, read) : [fieldPath];
  });
}
