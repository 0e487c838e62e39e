import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const TIMER = 'engine-backup-shim.timer';

export type Systemd = 'running' | 'installed' | 'none';

/** Of another root nobody knows what will run there; packages put units down where there is no systemd, too. */
export function systemdOf(root: string): Systemd {
  const has = (sign: string) => existsSync(join(root, sign));
  if (has('run/systemd/system')) return root === '/' ? 'running' : 'installed';
  const programs = ['usr/lib/systemd/systemd', 'lib/systemd/systemd'];
  return programs.some(has) ? 'installed' : 'none';
}

/**
 * The timer where there is systemd, and the cron line where systemd does not run: in a container it may never do, and where both come
 * to run only one of them delivers at a time.
 *
 * @param hasCronLine whether there is one already: it is kept up to date then
 */
export function whatDelivers(
  systemd: Systemd,
  hasCronLine: boolean,
): { readonly timer: boolean; readonly cronLine: boolean } {
  return { timer: systemd !== 'none', cronLine: systemd !== 'running' || hasCronLine };
}
