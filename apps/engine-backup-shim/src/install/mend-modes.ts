import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../failure.js';
import type { HostPaths } from '../host/paths.js';
import { beforeFolder, type Manifest } from './manifest.js';

/**
 * Sets the modes of folders that `install` made, of all in the shim's own folder, and of the program: anybody who may write there becomes root.
 *
 * @returns the paths of those that had other modes
 */
export function mendModes(paths: HostPaths, manifest: Manifest): string[] {
  const isOwn = (path: string) => path === paths.state || path.startsWith(`${paths.state}/`);
  return [
    ...manifest.folders.filter((folder) => !isOwn(folder)).flatMap((path) => mend(path, 0o755)),
    ...mend(paths.program, 0o755),
    ...mend(paths.state, 0o700),
    ...mendBelow(paths.state, beforeFolder(paths)),
  ];
}

/** What lies in `spared` has the modes that it is to have again. */
function mendBelow(folder: string, spared: string): string[] {
  if (folder === spared) return [];
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return [...mend(path, 0o700), ...mendBelow(path, spared)];
    return mend(path, 0o600);
  });
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

/** A link is left as it is, and what a delivery has just removed is gone. */
function mend(path: string, mode: number): string[] {
  try {
    const found = lstatSync(path);
    if (!found.isFile() && !found.isDirectory()) return [];
    if ((found.mode & 0o7777) === mode) return [];
    chmodSync(path, mode);
    return [path];
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}
