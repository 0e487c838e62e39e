import { spawnSync } from 'node:child_process';
import { readlinkSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { codeOf } from '../failure.js';
import { systemdOf, TIMER } from './systemd.js';

/** The link that `systemctl enable` creates; made directly, it works in another root, too. */
export const wantedBy = (root: string) =>
  join(root, 'etc/systemd/system/timers.target.wants', TIMER);
const TARGET = `/etc/systemd/system/${TIMER}`;

/** Starts the timer, now and at every boot. The link's folder must exist. @returns an error message, if it failed */
export function enableTimer(root: string): string | undefined {
  const link = wantedBy(root);
  if (linkTarget(link) !== TARGET) symlinkSync(TARGET, link);
  return systemctl(root, ['daemon-reload']) ?? systemctl(root, ['start', TIMER]);
}

export function disableTimer(root: string): void {
  systemctl(root, ['stop', TIMER]);
  if (linkTarget(wantedBy(root)) === TARGET) unlinkSync(wantedBy(root));
}

export function forgetTimer(root: string): void {
  systemctl(root, ['daemon-reload']);
}

/** Does nothing for another root: only the running system has a systemd to call. */
function systemctl(root: string, args: readonly string[]): string | undefined {
  if (systemdOf(root) !== 'running') return undefined;
  const { status, stderr, error } = spawnSync('systemctl', args, {
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (status === 0) return undefined;
  return `systemctl ${args.join(' ')} failed: ${error?.message ?? stderr.trim()}`;
}

function linkTarget(link: string): string | undefined {
  try {
    return readlinkSync(link);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
