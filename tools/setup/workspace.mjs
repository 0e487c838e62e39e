import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout this file belongs to. */
export const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Folders of all workspaces, relative to the checkout, as the root package.json lists them. */
export function workspaceFolders() {
  const { workspaces } = JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8'));
  return workspaces
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [pattern];
      const parent = pattern.slice(0, -2);
      if (!existsSync(join(checkout, parent))) return [];
      return readdirSync(join(checkout, parent)).map((name) => `${parent}/${name}`);
    })
    .filter((folder) => existsSync(join(checkout, folder, 'package.json')))
    .sort();
}
