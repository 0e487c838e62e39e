import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorText } from '@backup-awareness/contracts/plain';
import { StartFailure, type Progress } from '@backup-awareness/local-servers';

/**
 * Installs the npm packages with which others judge our messages, in a folder of their own: nobody who starts or tests the product
 * needs them, and they bring some 180 others. No script of theirs runs.
 *
 * @throws StartFailure in one line, where npm cannot install them
 */
export async function ensureForeignPackages(checkout: string, progress: Progress): Promise<void> {
  const folder = join(checkout, 'e2e', 'foreign');
  const stamp = join(folder, 'node_modules', '.installed');
  const lock = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  await progress.step('Packages of others, for tests against them (npm ci)', async () => {
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    await promisify(execFile)('npm', args, { cwd: folder }).catch((error: unknown) => {
      throw new StartFailure(`npm ci failed in e2e/foreign: ${errorText(error)}`);
    });
    writeFileSync(stamp, lock);
  });
}
