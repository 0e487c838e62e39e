import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorText } from '@backup-awareness/contracts/plain';
import { parseCommand } from '../arguments.js';
import { EXIT } from '../failure.js';
import { flushSpool } from '../spool/flush-spool.js';
import { openHost, print, ROOT_OPTION, warn } from '../host/host.js';
import { readManifest, removeFolders, takeBackFiles } from '../install/manifest.js';
import { disableTimer, forgetTimer } from '../install/systemd-timer.js';
import { hostPaths, type HostPaths } from '../host/paths.js';
import { openSpool } from '../spool/spool.js';
import { tellOutcome } from '../spool/tell-outcome.js';

export const help = `engine-backup-shim uninstall

Removes what install has put on this host, and restores what was there before; nothing else is touched. Reports in the spool are
delivered first. While a report waits, or can never be delivered, configuration, spool and program are kept; files that were changed
since are left. Both are named, and the exit code is then 1.

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
  // With the drop-in first: no backup that begins from now on is reported.
  const isNeeded = (path: string) => [paths.configuration, paths.program].includes(path);
  const left = takeBackFiles(paths, manifest, (path) => !isNeeded(path));
  forgetTimer(paths.root);
  await deliverWaiting(paths);
  const kept = keptSpool(paths);
  if (kept === undefined) left.push(...takeBackFiles(paths, manifest, isNeeded));
  else warn(kept);
  for (const { path, reason } of left) warn(`left ${path}: ${reason}`);
  const isFinished = kept === undefined && left.length === 0;
  if (isFinished) removeState(paths);
  if (kept === undefined) removeFolders(manifest.folders);
  if (!isFinished) return EXIT.failed;
  print('uninstalled');
  return EXIT.fine;
}

/** As far as the broker takes it now. Another delivery that is at work is waited for. */
async function deliverWaiting(paths: HostPaths): Promise<void> {
  if (countUndelivered(paths).waiting === 0) return;
  try {
    const { configuration } = openHost(paths.root);
    openSpool(paths);
    const until = Date.now() + configuration.DELIVERY_TIMEOUT_S * 1000;
    let outcome = await flushSpool(paths, configuration);
    for (; !outcome && Date.now() < until; await sleep(100))
      outcome = await flushSpool(paths, configuration);
    tellOutcome(paths, outcome);
  } catch (error) {
    warn(errorText(error));
  }
}

/** Removes the spool, unless something is in it. @returns what is kept for it, why, and how to finish, as a line */
function keptSpool(paths: HostPaths): string | undefined {
  const { spool, refused, configuration } = paths;
  // What comes into it until then makes it one that cannot be removed.
  removeFolders([spool, refused]);
  if (!existsSync(spool)) return undefined;
  const counted = countUndelivered(paths);
  const count = counted.waiting + counted.refused;
  const what = count === 1 ? '1 report is' : `${count} reports are`;
  const read = existsSync(refused)
    ? `read what was refused in ${refused}, remove that folder, and `
    : '';
  const when = counted.waiting > 0 ? ' when the broker takes reports' : '';
  return `kept ${configuration} and ${spool}: ${what} not delivered; to finish, ${read}run engine-backup-shim uninstall again${when}`;
}

function countUndelivered({ spool, refused }: HostPaths): { waiting: number; refused: number } {
  const count = (folder: string) =>
    existsSync(folder)
      ? readdirSync(folder).filter((name) => /\.(report|new)$/.test(name)).length
      : 0;
  return { waiting: count(spool), refused: count(refused) };
}

/** But for a spool that a backup has just made again. */
function removeState({ state, spool }: HostPaths): void {
  for (const name of readdirSync(state))
    if (join(state, name) !== spool) rmSync(join(state, name), { recursive: true });
  removeFolders([state]);
}
