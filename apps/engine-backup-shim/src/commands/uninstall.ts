import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import { EXIT } from '../failure.js';
import { flushSpool } from '../spool/flush-spool.js';
import { openHost, print, ROOT_OPTION, warn } from '../host/host.js';
import { readManifest, removeFolders, removeFiles } from '../install/manifest.js';
import { disableTimer, forgetTimer } from '../install/systemd-timer.js';
import { hostPaths, type HostPaths } from '../host/paths.js';
import { openSpool } from '../spool/spool.js';
import { printOutcome } from '../spool/print-outcome.js';

export const help = `engine-backup-shim uninstall

Removes what install has created on this host, and restores what was there before; nothing else is touched. Reports in the spool are
delivered first. While a report is pending or was refused, configuration, spool and program are kept; files that were changed since
are left. A message names both, and the exit code is then 1.

  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const { root } = parseCommand(args, ROOT_OPTION);
  const paths = hostPaths(root);
  if (!existsSync(paths.manifest)) {
    print('nothing is installed here');
    return EXIT.fine;
  }
  const manifest = readManifest(paths);
  disableTimer(paths.root);
  // The drop-in first: no backup that starts after this is reported.
  const isNeeded = (path: string) => [paths.configuration, paths.program].includes(path);
  const left = removeFiles(paths, manifest, (path) => !isNeeded(path));
  forgetTimer(paths.root);
  await deliverPending(paths);
  const kept = keptSpool(paths);
  if (kept === undefined) left.push(...removeFiles(paths, manifest, isNeeded));
  else warn(kept);
  for (const { path, reason } of left) warn(`left ${path}: ${reason}`);
  const isFinished = kept === undefined && left.length === 0;
  if (isFinished) removeState(paths);
  if (kept === undefined) removeFolders(manifest.folders);
  if (!isFinished) return EXIT.failed;
  print('uninstalled');
  return EXIT.fine;
}

/** Delivers what the broker accepts now. Waits for another delivery that is in progress. */
async function deliverPending(paths: HostPaths): Promise<void> {
  if (countUndelivered(paths).pending === 0) return;
  try {
    const { configuration } = openHost(paths.root);
    openSpool(paths);
    const until = Date.now() + configuration.DELIVERY_TIMEOUT_S * 1000;
    let outcome = await flushSpool(paths, configuration);
    for (; !outcome && Date.now() < until; await sleep(100))
      outcome = await flushSpool(paths, configuration);
    printOutcome(paths, outcome);
  } catch (error) {
    warn(errorText(error));
  }
}

/** Removes the spool if it is empty. @returns otherwise what is kept, why, and how to finish, as one line */
function keptSpool(paths: HostPaths): string | undefined {
  const { spool, refused, configuration } = paths;
  // Removed before the count: a record written in between keeps the folder.
  removeFolders([spool, refused]);
  if (!existsSync(spool)) return undefined;
  const counted = countUndelivered(paths);
  const count = counted.pending + counted.refused;
  const what = count === 1 ? '1 report is' : `${count} reports are`;
  const read = existsSync(refused)
    ? `read the refused reports in ${refused}, remove that folder, and `
    : '';
  const when = counted.pending > 0 ? ' when the broker accepts reports' : '';
  return `kept ${configuration} and ${spool}: ${what} not delivered; to finish, ${read}run engine-backup-shim uninstall again${when}`;
}

function countUndelivered({ spool, refused }: HostPaths): { pending: number; refused: number } {
  const count = (folder: string) =>
    existsSync(folder)
      ? readdirSync(folder).filter((name) => /\.(report|new)$/.test(name)).length
      : 0;
  return { pending: count(spool), refused: count(refused) };
}

/** Keeps only a spool that a backup has just created again. */
function removeState({ state, spool }: HostPaths): void {
  for (const name of readdirSync(state))
    if (join(state, name) !== spool) rmSync(join(state, name), { recursive: true });
  removeFolders([state]);
}
