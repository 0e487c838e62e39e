import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotAvailable } from './installation.js';

const SIZE = '320m';

/**
 * Moves the data of a stopped database to a small file system, mounted in their place.
 *
 * @throws NotAvailable where we may not mount
 */
export async function mountSmallDisk(
  dataFolder: string,
): Promise<{ readonly path: string; unmount(): Promise<void> }> {
  const path = realpathSync(dataFolder);
  const { uid, gid } = statSync(path);
  const aside = mkdtempSync(join(tmpdir(), 'backup-awareness-data-'));
  try {
    execFileSync('cp', ['-a', `${path}/.`, aside]);
    mount(path);
    chownSync(path, uid, gid);
    chmodSync(path, 0o700);
    execFileSync('cp', ['-a', `${aside}/.`, path]);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return { path, unmount: () => unmount(path) };
}

function mount(path: string): void {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    const said = String((error as { stderr?: unknown }).stderr ?? error).trim();
    throw new NotAvailable(`a small file system needs the right to mount one: ${said}`);
  }
}

/** A process that has just ended may still hold it for a moment. */
async function unmount(path: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      execFileSync('umount', [path], { stdio: 'ignore' });
      return;
    } catch (error) {
      if (attempt === 20) throw error;
      await sleep(250);
    }
  }
}
