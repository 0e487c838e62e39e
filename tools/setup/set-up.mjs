import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, buildIsCurrent, outputFolders } from './build.mjs';
import { dependenciesAreCurrent, installDependencies, takeInstalled } from './dependencies.mjs';
// By path: in a bare clone no package is found by its name.
// eslint-disable-next-line @nx/enforce-module-boundaries
import { tryLock } from '../../libs/local-servers/uncompiled/lock-file.mjs';
import { runningPrograms } from './running-programs.mjs';
import { checkout } from './workspace.mjs';

/**
 * Installs and builds what is missing or stale, and nothing while a program runs from what is built: it may load a part of it
 * at any time. Two at the same moment in one checkout wait for each other.
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
    const isInstalled = dependenciesAreCurrent() || takeInstalled();
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
    say(`Cannot set up ${checkout}: ${error.message}. Start it as the user to whom it belongs.\n`);
    return 'failed';
  } finally {
    lock?.release();
  }
}

/** One line; what a person can stop is who started the programs, where that is still there. */
function refusal(running) {
  const names = running.map(
    ({ pid, program }) => `${relative(checkout, program)} (process ${pid})`,
  );
  const starters = running.map(({ pid, parentPid }) => (parentPid > 1 ? parentPid : pid));
  return `The sources of ${checkout} have changed since they were built, and ${names.join(', ')} ${running.length > 1 ? 'run' : 'runs'} from there. Nothing was built: stop it first (Ctrl-C where it was started, or kill ${[...new Set(starters)].join(' ')}), or work in another checkout.\n`;
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
