import { chmodSync, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../failure.js';
import type { HostPaths } from '../host/paths.js';
import { beforeFolder, type Manifest } from './manifest.js';

/**
 * Sets the modes of the folders that `install` created, of everything in the shim's own folder, and of the program: anybody who can
 * write there can become root.
 *
 * @returns the paths that had other modes
 */
export function repairModes(paths: HostPaths, manifest: Manifest): string[] {
  const isOwn = (path: string) => path === paths.state || path.startsWith(`${paths.state}/`);
  return [
    ...manifest.folders.filter((folder) => !isOwn(folder)).flatMap((path) => repair(path, 0o755)),
    ...repair(paths.program, 0o755),
    ...repair(paths.state, 0o700),
    ...repairBelow(paths.state, beforeFolder(paths)),
  ];
}

/** The files in `spared` keep the modes that they are restored with. */
function repairBelow(folder: string, spared: string): string[] {
  if (folder === spared) return [];
  return entriesOf(folder).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return [...repair(path, 0o700), ...repairBelow(path, spared)];
    return repair(path, 0o600);
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

/** Skips links, and files that a delivery has just removed. */
function repair(path: string, mode: number): string[] {
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
