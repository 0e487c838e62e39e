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

/** What `install` has put on a host, so that `uninstall` removes all of that and nothing else. */
export interface Manifest {
  readonly files: Record<string, PutFile>;
  /** Those that were not there before, in the order in which they were made. */
  readonly folders: string[];
}

interface PutFile {
  readonly sha256: string;
  /** Where that lies now which was there before; null where nothing was. */
  readonly before: string | null;
}

export interface FileToPut {
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** @throws Failure where it is not as `install` wrote it: without it nobody knows what is ours */
export function readManifest({ manifest }: HostPaths): Manifest {
  if (!existsSync(manifest)) return { files: {}, folders: [] };
  try {
    return JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Failure(
      `${manifest}: expected what install wrote, got invalid JSON (${error.message}); move it away and install again`,
    );
  }
}

export function saveManifest({ manifest: path }: HostPaths, manifest: Manifest): void {
  const content = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
  writeAtomically({ path, content, mode: 0o600 });
}

/** Makes a folder and those above it that are not there, whatever the umask; the manifest has them when it is saved next. */
export function putFolder(manifest: Manifest, folder: string, mode = 0o755): void {
  if (existsSync(folder)) return;
  putFolder(manifest, dirname(folder));
  mkdirSync(folder, { mode });
  chmodSync(folder, mode);
  manifest.folders.push(folder);
}

/** What has become of a file: `mended` is one that had the content and another mode. */
export type PutOutcome = 'installed' | 'mended' | 'unchanged';

/**
 * Puts a file down; one that is there already and is not ours is kept for `uninstall` to bring back.
 *
 * @throws Failure where a symbolic link or no file at all is there
 */
export function putFile(paths: HostPaths, manifest: Manifest, file: FileToPut): PutOutcome {
  const present = presentContent(file.path);
  const entry = manifest.files[file.path];
  const sha256 = hashOf(file.content);
  const isThere = present !== undefined && hashOf(present) === sha256;
  const isRight = isThere && modeOf(file.path) === file.mode;
  // That somebody else has put the same there makes it none of ours.
  if (isRight && (!entry || entry.sha256 === sha256)) return 'unchanged';
  putFolder(manifest, dirname(file.path));
  const before = present && !entry ? keepBefore(paths, file.path) : (entry?.before ?? null);
  manifest.files[file.path] = { sha256, before };
  // Known before it is there: a killed install leaves nothing that uninstall does not find.
  saveManifest(paths, manifest);
  if (!isRight) writeAtomically(file);
  return isThere ? 'mended' : 'installed';
}

/** What could not be removed, with the reason. */
export interface Left {
  readonly path: string;
  readonly reason: string;
}

/** Removes files, the last one put first, and restores what they had replaced. @returns those that had to be left; the manifest still has them */
export function takeBackFiles(
  paths: HostPaths,
  manifest: Manifest,
  isMeant: (path: string) => boolean,
): Left[] {
  return Object.entries(manifest.files)
    .filter(([path]) => isMeant(path))
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

/** Removes the folders that `install` made, as far as they are empty, and forgets them. */
export function removeFolders(folders: readonly string[]): void {
  for (const folder of [...folders].reverse()) {
    try {
      rmdirSync(folder);
    } catch (error) {
      if (!['ENOENT', 'ENOTEMPTY'].includes(codeOf(error) ?? '')) throw error;
    }
  }
}

/** Where that lies which was on the host before. */
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
  const aside = join(dirname(path), `.backup-awareness.${process.pid}`);
  const file = openSync(aside, 'wx', 0o600);
  try {
    writeFileSync(file, content);
    // Before the rename: after a loss of power the name would stand for an empty file.
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  chmodSync(aside, mode);
  renameSync(aside, path);
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
