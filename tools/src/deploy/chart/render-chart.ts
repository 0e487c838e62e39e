import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { checkout } from '../../../setup/workspace.mjs';
import { helm } from './helm.js';

const FOLDER = join(checkout, 'deploy', 'helm');
export const CHART = join(FOLDER, 'backup-awareness');

/** An object of the Kubernetes API. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly annotations?: Record<string, string> };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- checked by the API's schemas
  readonly [field: string]: any;
}

/** The files of example values, without their extension. */
export const EXAMPLES = readdirSync(join(CHART, 'examples')).map((file) =>
  file.replace(/\.yaml$/, ''),
);

/** The arguments of Helm for example values. */
export function withExamples(...examples: string[]): string[] {
  return examples.flatMap((name) => ['--values', join(CHART, 'examples', `${name}.yaml`)]);
}

/** The chart's objects in YAML, as `helm install backup-awareness` would create them with these further arguments. @throws if Helm refuses them */
export function renderChart(...args: string[]): string {
  return helm('template', 'backup-awareness', CHART, '--namespace', 'backup-awareness', ...args);
}

/** The objects in a text of `renderChart`. */
export function parseObjects(text: string): KubernetesObject[] {
  return parseAllDocuments(text)
    .map((document) => document.toJS() as KubernetesObject | null)
    .filter((object) => object !== null);
}

/** The files that show what the chart renders, and the arguments of Helm for each. */
export const RENDERED = ['default', ...EXAMPLES].map((name) => ({
  name,
  file: join(FOLDER, 'rendered', `${name}.yaml`),
  args: name === 'default' ? [] : withExamples(name),
}));
