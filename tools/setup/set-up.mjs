import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, buildIsCurrent, outputFolders } from './build.mjs';
import { acceptInstalled, dependenciesAreCurrent, installDependencies } from './dependencies.mjs';
// By path: in a bare clone no package is found by its name.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { tryLock } from '../../libs/local-servers/uncompiled/lock-file.mjs';
import { runningPrograms } from './running-programs.mjs';
import { checkout } from './workspace.mjs';

/**
 * Installs and builds what is missing or stale, but nothing while a compiled program runs: it may load another file at any time.
 * Two set-ups of one checkout wait for each other.
 *
 * @returns {Promise<'ready' | 'failed' | 'stopped'>}
 */
export async function setUp({ signal }) {
  // Without the lock, so that another user's checkout can be run, too.
  if (isCurrent()) return 'ready';
  const say = (text) => process.stdout.write(text);
  let lock;
  try {
    lock = await takeLock(say, signal);
    const step = { say, signal };
    const isInstalled = dependenciesAreCurrent() || acceptInstalled();
    if (isInstalled && buildIsCurrent()) return 'ready';
    const running = runningPrograms(outputFolders());
    if (running.length > 0) {
      say(refusal(running));
      return 'failed';
    }
    if (!isInstalled && !(await installDependencies(step))) return 'failed';
    if (!buildIsCurrent() && !(await build(step))) return 'failed';
    return 'ready';
  } catch (error) {
    if (signal.aborted) return 'stopped';
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error;
    say(`Cannot set up ${checkout}: ${error.message}. Run this as the owner of the checkout.\n`);
    return 'failed';
  } finally {
    lock?.release();
  }
}

/** One line. It names the parents of the programs, as far as they still run, since these can be stopped cleanly. */
function refusal(running) {
  const names = running.map(
    ({ pid, program }) => `${relative(checkout, program)} (process ${pid})`,
  );
  const starters = running.map(({ pid, parentPid }) => (parentPid > 1 ? parentPid : pid));
  return `The sources of ${checkout} have changed since they were built, but ${names.join(', ')} still ${running.length > 1 ? 'run' : 'runs'} from there. Nothing was built: stop it first (Ctrl-C where it was started, or kill ${[...new Set(starters)].join(' ')}), or work in another checkout.\n`;
}

function isCurrent() {
  return dependenciesAreCurrent() && buildIsCurrent();
}

async function takeLock(say, signal) {
  const folder = join(checkout, '.setup');
  mkdirSync(folder, { recursive: true });
  let isAnnounced = false;
  for (;;) {
    const { lock, holder } = tryLock(join(folder, 'lock'));
    if (lock) return lock;
    if (!isAnnounced) say(`Process ${holder.pid} is setting up this checkout; waiting for it.\n`);
    isAnnounced = true;
    await sleep(200, undefined, { signal });
  }
}
