import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '@backup-awareness/contracts/plain';
import { codeOf } from '../failure.js';
import { parseAssignments } from './shell-assignments.js';

/** oVirt's defaults, its configuration, and that of its Data Warehouse, in the order in which they are read. */
const FILES = [
  'usr/share/ovirt-engine/services/ovirt-engine/ovirt-engine.conf',
  'etc/ovirt-engine/engine.conf',
  'etc/ovirt-engine-dwh/ovirt-engine-dwhd.conf',
];

export interface EngineVariables {
  readonly values: ReadonlyMap<string, string>;
  /** Variables whose value only a shell could determine, with the reason; they have no value. */
  readonly unreadable: ReadonlyMap<string, string>;
  /** Files that exist but cannot be read, one line each. */
  readonly problems: readonly string[];
}

/**
 * The variables of oVirt's engine on this host, such as `ENGINE_FQDN`, as engine-backup's shell reads them: a later file overrides an
 * earlier one. The files are parsed, never executed.
 */
export function engineVariables(root: string): EngineVariables {
  const variables = { values: new Map<string, string>(), unreadable: new Map<string, string>() };
  const problems: string[] = [];
  for (const file of FILES.flatMap((name) => [join(root, name), ...partsIn(join(root, name))]))
    try {
      parseAssignments(readFileSync(file, 'utf8'), variables);
    } catch (error) {
      if (!['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) problems.push(errorText(error));
    }
  return { ...variables, problems };
}

function partsIn(file: string): string[] {
  const folder = `${file}.d`;
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.conf'))
      .sort()
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}
