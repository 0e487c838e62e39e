import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import dropIn from '../../drop-in/50-backup-awareness.sh';
import cron from '../../host-files/engine-backup-shim.cron';
import service from '../../host-files/engine-backup-shim.service';
import timer from '../../host-files/engine-backup-shim.timer';
import type { HostPaths } from '../paths.js';
import type { FileToPut } from './manifest.js';

export const TIMER = 'engine-backup-shim.timer';

/** The files of a host beside its configuration. The drop-in comes last: what it starts has to be there before it. */
export function hostFiles(paths: HostPaths): FileToPut[] {
  return [
    ...programFile(paths),
    ...timerFiles(paths),
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

function timerFiles({ root }: HostPaths): FileToPut[] {
  const text = (path: string, content: string) => ({
    path: join(root, path),
    content: Buffer.from(content),
    mode: 0o644,
  });
  if (!hasSystemd(root)) return [text('etc/cron.d/engine-backup-shim', cron)];
  return [
    text('etc/systemd/system/engine-backup-shim.service', service),
    text(`etc/systemd/system/${TIMER}`, timer),
  ];
}

/** Running, or, in a root that is not this host's, there to be run. */
export function hasSystemd(root: string): boolean {
  const signs = ['run/systemd/system', 'usr/lib/systemd/system', 'lib/systemd/system'];
  return signs.some((sign) => existsSync(join(root, sign)));
}
