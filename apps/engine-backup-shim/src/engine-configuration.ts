import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The variables of oVirt's engine on this host, `ENGINE_FQDN` and the like: its `NAME="VALUE"` lines are read as data, and nothing of
 * them is run or expanded. A later file counts more. None where the engine's files are not there or cannot be read.
 */
export function engineVariables(root: string): ReadonlyMap<string, string> {
  const main = join(root, 'etc/ovirt-engine/engine.conf');
  const variables = new Map<string, string>();
  for (const file of [main, ...partsIn(`${main}.d`)])
    for (const line of linesOf(file)) {
      const [, name, quote, value] = /^\s*(\w+)=(["']?)(.*)\2\s*$/.exec(line) ?? [];
      if (name !== undefined) variables.set(name, quote === '"' ? unescaped(value!) : value!);
    }
  return variables;
}

function partsIn(folder: string): string[] {
  return readOr([], () => readdirSync(folder))
    .filter((name) => name.endsWith('.conf'))
    .sort()
    .map((name) => join(folder, name));
}

function linesOf(file: string): string[] {
  return readOr('', () => readFileSync(file, 'utf8')).split('\n');
}

function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** What a shell takes for itself between double quotes has a backslash before it. */
function unescaped(value: string): string {
  return value.replace(/\\(["\\$`])/g, '$1');
}
