import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, buildIsCurrent } from './build.mjs';
import { dependenciesAreCurrent, installDependencies } from './dependencies.mjs';
import { tryLock } from './lock-file.mjs';
import { checkout } from './workspace.mjs';

/**
 * Installs and builds what is missing or stale. Two at the same moment in one checkout wait for each other.
 *
 * @returns {Promise<'ready' | 'failed' | 'stopped'>}
 */
export async function setUp({ signal }) {
  // Without the lock, so that a checkout that belongs to somebody else can be run too.
  if (isCurrent()) return 'ready';
  const say = (text) => process.stdout.write(text);
  let lock;
  try {
    lock = await takeLock(say, signal);
    const step = { say, signal };
    if (!dependenciesAreCurrent() && !(await installDependencies(step))) return 'failed';
    if (!buildIsCurrent() && !(await build(step))) return 'failed';
    return 'ready';
  } catch (error) {
    if (signal.aborted) return 'stopped';
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error;
    say(`Cannot set up ${checkout}: ${error.message}. Start it as the user to whom it belongs.\n`);
    return 'failed';
  } finally {
    lock?.release();
  }
}

function isCurrent() {
  return dependenciesAreCurrent() && buildIsCurrent();
}

async function takeLock(say, signal) {
  const folder = join(checkout, '.setup');
  mkdirSync(folder, { recursive: true });
  let told = false;
  for (;;) {
    const { lock, holder } = tryLock(join(folder, 'lock'));
    if (lock) return lock;
    if (!told) say(`Process ${holder.pid} is setting up this checkout; waiting for it.\n`);
    told = true;
    await sleep(200, undefined, { signal });
  }
}
