import { createHash } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmdirSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf, Failure } from '../failure.js';
import type { HostPaths } from '../host/paths.js';

/** What `install` has created on a host, so that `uninstall` removes all of that and nothing else. */
export interface Manifest {
  readonly files: Record<string, PutFile>;
  /** The created folders, in order. */
  readonly folders: string[];
}

interface PutFile {
  readonly sha256: string;
  /** The copy of the file that was there before; null if there was none. */
  readonly before: string | null;
}

export interface FileToPut {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** @throws Failure if it is not valid JSON: without it nobody knows which files are ours */
export function readManifest({ manifest }: HostPaths): Manifest {
  if (!existsSync(manifest)) return { files: {}, folders: [] };
  try {
    return JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure(
      `${manifest} is not valid JSON (${error.message}); move it away and run install again`,
    );
  }
}

function saveManifest({ manifest: path }: HostPaths, manifest: Manifest): void {
  const content = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  writeAtomically({ path, content, mode: 0o600 });
}

/** Creates a folder and its missing parents, independent of the umask, and adds them to the manifest, which the caller saves. */
export function putFolder(manifest: Manifest, folder: string, mode = 0o755): void {
  if (existsSync(folder)) return;
  putFolder(manifest, dirname(folder));
  mkdirSync(folder, { mode });
  chmodSync(folder, mode);
  manifest.folders.push(folder);
}

/** What was done with a file: a `repaired` one had the right content and a wrong mode. */
export type PutOutcome = 'installed' | 'repaired' | 'unchanged';

/**
 * Writes a file; if one is there that is not ours, a copy is kept for `uninstall` to restore.
 *
 * @throws Failure if the path is a symbolic link or something else than a file
 */
export function putFile(paths: HostPaths, manifest: Manifest, file: FileToPut): PutOutcome {
  const present = presentContent(file.path);
  const entry = manifest.files[file.path];
  const sha256 = hashOf(file.content);
  const hasContent = present !== undefined && hashOf(present) === sha256;
  const isRight = hasContent && modeOf(file.path) === file.mode;
  // An identical file that somebody else has put there is not ours.
  if (isRight && (!entry || entry.sha256 === sha256)) return 'unchanged';
  putFolder(manifest, dirname(file.path));
  const before = present && !entry ? keepBefore(paths, file.path) : (entry?.before ?? null);
  manifest.files[file.path] = { sha256, before };
  // Recorded before it is written: uninstall finds everything that a killed install has left.
  saveManifest(paths, manifest);
  if (!isRight) writeAtomically(file);
  return hasContent ? 'repaired' : 'installed';
}

/** A file that was not removed. */
export interface Left {
  readonly path: string;
  readonly reason: string;
}

/** Removes files, the last one first, and restores what they had replaced. @returns those not removed; they stay in the manifest */
export function removeFiles(
  paths: HostPaths,
  manifest: Manifest,
  isSelected: (path: string) => boolean,
): Left[] {
  return Object.entries(manifest.files)
    .filter(([path]) => isSelected(path))
    .reverse()
    .flatMap(([path, { sha256, before }]) => {
      const present = presentContent(path);
      if (present !== undefined && hashOf(present) !== sha256)
        return [{ path, reason: 'it was changed after it was installed' }];
      if (before !== null) renameSync(before, path);
      else if (present !== undefined) unlinkSync(path);
      delete manifest.files[path];
      saveManifest(paths, manifest);
      return [];
    });
}

/** Removes those folders that are empty, the last one first. */
export function removeFolders(folders: readonly string[]): void {
  for (const folder of [...folders].reverse()) {
    try {
      rmdirSync(folder);
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}

/** The copies of files that were on the host before. */
export function beforeFolder({ state }: HostPaths): string {
  return join(state, 'before');
}

function keepBefore(paths: HostPaths, path: string): string {
  const before = join(beforeFolder(paths), encodeURIComponent(path));
  mkdirSync(dirname(before), { recursive: true, mode: 0o700 });
  copyFileSync(path, before);
  chmodSync(before, modeOf(path));
  return before;
}

function modeOf(path: string): number {
  return lstatSync(path).mode & 0o7777;
}

function presentContent(path: string): Buffer | undefined {
  try {
    const found = lstatSync(path);
    if (!found.isFile()) throw new Failure(`${path} is not a regular file; remove it first`);
    return readFileSync(path);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function writeAtomically({ path, content, mode }: FileToPut): void {
  const temporary = join(dirname(path), `.backup-awareness.${process.pid}`);
  const file = openSync(temporary, 'wx', 0o600);
  try {
    writeFileSync(file, content);
    // Before the rename: otherwise a power failure could leave an empty file under this name.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(temporary, mode);
  renameSync(temporary, path);
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
