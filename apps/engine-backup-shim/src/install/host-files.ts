import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import dropIn from '../../drop-in/50-backup-awareness.sh';
import cron from '../../host-files/engine-backup-shim.cron';
import service from '../../host-files/engine-backup-shim.service';
import timer from '../../host-files/engine-backup-shim.timer';
import type { HostPaths } from '../paths.js';
import type { FileToPut, Manifest } from './manifest.js';

export const TIMER = 'engine-backup-shim.timer';

/** What the timer and cron run. */
const FLUSH = '/usr/bin/engine-backup-shim flush';

/**
 * The files of a host beside its configuration. The drop-in comes last: what it starts has to be there before it.
 *
 * @param node the Node program of the configuration; empty where it is the one on PATH
 */
export function hostFiles(paths: HostPaths, node: string, manifest: Manifest): FileToPut[] {
  return [
    ...programFile(paths),
    ...timerFiles(paths.root, node, systemdOf(paths.root), manifest),
    { path: paths.dropIn, content: Buffer.from(dropInFor(paths.root)), mode: 0o600 },
  ];
}

/** The drop-in knows its root by one line of it. */
function dropInFor(root: string): string {
  if (root === '/') return dropIn;
  const quoted = root.replaceAll("'", `'\\''`);
  return dropIn.replace(/^backup_awareness_root=''$/m, () => `backup_awareness_root='${quoted}'`);
}

/** This very program, unless it is there already. */
function programFile({ program }: HostPaths): FileToPut[] {
  const running = realpathSync(process.argv[1]!);
  if (existsSync(program) && realpathSync(program) === running) return [];
  return [{ path: program, content: readFileSync(running), mode: 0o755 }];
}

/**
 * The timer where there is systemd, and the cron line where systemd does not run: in a container it may never do, and where both come
 * to run only one of them delivers at a time. A line that is there already is kept up to date.
 */
export function timerFiles(
  root: string,
  node: string,
  systemd: Systemd,
  manifest: Manifest,
): FileToPut[] {
  const text = (path: string, content: string) => ({
    path: join(root, path),
    content: Buffer.from(content.replace(FLUSH, node === '' ? FLUSH : `${node} ${FLUSH}`)),
    mode: 0o644,
  });
  const units = [
    text('etc/systemd/system/engine-backup-shim.service', service),
    text(`etc/systemd/system/${TIMER}`, timer),
  ];
  const line = text('etc/cron.d/engine-backup-shim', cron);
  const isLineNeeded = systemd !== 'running' || Object.hasOwn(manifest.files, line.path);
  return [...(systemd === 'none' ? [] : units), ...(isLineNeeded ? [line] : [])];
}

export type Systemd = 'running' | 'installed' | 'none';

/** Of another root nobody knows what will run there; packages put units down where there is no systemd, too. */
export function systemdOf(root: string): Systemd {
  const has = (sign: string) => existsSync(join(root, sign));
  if (has('run/systemd/system')) return root === '/' ? 'running' : 'installed';
  const programs = ['usr/lib/systemd/systemd', 'lib/systemd/systemd'];
  return programs.some(has) ? 'installed' : 'none';
}
