import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import dropIn from '../../drop-in/50-backup-awareness.sh';
import cron from '../../host-files/engine-backup-shim.cron';
import service from '../../host-files/engine-backup-shim.service';
import timer from '../../host-files/engine-backup-shim.timer';
import type { HostPaths } from '../host/paths.js';
import type { FileToPut, Manifest } from './manifest.js';
import { systemdOf, TIMER, whatDelivers } from './systemd.js';

/** The command of the timer and of cron. */
const FLUSH = '/usr/bin/engine-backup-shim flush';

/**
 * The files of a host other than its configuration. The drop-in comes last: the program that it starts must be there first.
 *
 * @param node the configured Node program; empty for the one on PATH
 */
export function hostFiles(paths: HostPaths, node: string, manifest: Manifest): FileToPut[] {
  return [
    ...programFile(paths),
    ...timerFiles(paths, node, manifest),
    { path: paths.dropIn, content: Buffer.from(dropInFor(paths.root)), mode: 0o600 },
  ];
}

/** Sets the drop-in's root, which is one line of it. */
function dropInFor(root: string): string {
  if (root === '/') return dropIn;
  const quoted = root.replaceAll("'", `'\\''`);
  return dropIn.replace(/^backup_awareness_root=''$/m, () => `backup_awareness_root='${quoted}'`);
}

/** The running program, unless it is already installed. */
function programFile({ program }: HostPaths): FileToPut[] {
  const running = realpathSync(process.argv[1]!);
  if (existsSync(program) && realpathSync(program) === running) return [];
  return [{ path: program, content: readFileSync(running), mode: 0o755 }];
}

function timerFiles({ root }: HostPaths, node: string, manifest: Manifest): FileToPut[] {
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
  const needed = whatDelivers(systemdOf(root), Object.hasOwn(manifest.files, line.path));
  return [...(needed.timer ? units : []), ...(needed.cronLine ? [line] : [])];
}
