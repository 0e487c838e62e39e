import { existsSync, readdirSync, rmSync } from 'node:fs';
import { parseCommand } from '../arguments.js';
import { EXIT } from '../failure.js';
import { print, ROOT_OPTION, warn } from '../host.js';
import { hasSystemd } from '../install/host-files.js';
import { readManifest, removeFolders, takeBackFiles } from '../install/manifest.js';
import { disableTimer, forgetTimer } from '../install/systemd-timer.js';
import { hostPaths, type HostPaths } from '../paths.js';
import { removeReserve } from '../reserve.js';

export const help = `engine-backup-shim uninstall

Takes back what install has put on this host, and brings back what was there before; nothing else is touched. Files that were changed
since, and a spool with reports that were not delivered, are left, and named; the exit code is then 1.

  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const { root } = parseCommand(args, ROOT_OPTION);
  const paths = hostPaths(root);
  if (!existsSync(paths.manifest)) {
    print('nothing is installed here');
    return EXIT.fine;
  }
  const systemd = hasSystemd(paths.root);
  if (systemd) disableTimer(paths.root);
  const manifest = readManifest(paths);
  const left = takeBackFiles(paths, manifest);
  if (systemd) forgetTimer(paths.root);
  for (const { path, reason } of left) warn(`left ${path}: ${reason}`);
  removeReserve(paths.state);
  const undelivered = countUndelivered(paths);
  if (undelivered > 0)
    warn(`left ${paths.spool}: it holds ${undelivered} reports that were not delivered`);
  if (left.length > 0 || undelivered > 0) return EXIT.failed;
  rmSync(paths.state, { recursive: true });
  removeFolders(manifest.folders);
  print('taken back');
  return EXIT.fine;
}

function countUndelivered({ spool, refused }: HostPaths): number {
  const folders = [spool, refused].filter((folder) => existsSync(folder));
  const files = folders.flatMap((folder) => readdirSync(folder));
  return files.filter((name) => /\.(report|new)$/.test(name)).length;
}
