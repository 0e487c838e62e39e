import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const TIMER = 'engine-backup-shim.timer';

export type Systemd = 'running' | 'installed' | 'none';

/** In another root, systemd is never `running`. The program shows it, not unit files: packages install those without systemd, too. */
export function systemdOf(root: string): Systemd {
  const has = (sign: string) => existsSync(join(root, sign));
  if (has('run/systemd/system')) return root === '/' ? 'running' : 'installed';
  const programs = ['usr/lib/systemd/systemd', 'lib/systemd/systemd'];
  return programs.some(has) ? 'installed' : 'none';
}

/**
 * The timer if systemd is installed, and the cron line if systemd is not running: in a container it may never be. Should both run, only
 * one of them delivers at a time.
 *
 * @param hasCronLine an existing cron line is kept up to date
 */
export function whatDelivers(
  systemd: Systemd,
  hasCronLine: boolean,
): { readonly timer: boolean; readonly cronLine: boolean } {
  return { timer: systemd !== 'none', cronLine: systemd !== 'running' || hasCronLine };
}
