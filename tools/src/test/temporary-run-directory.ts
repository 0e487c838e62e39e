import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removeRootInstance } from '../start/root-instances.js';
import { ensureOwnFolder, openRunDirectory, type RunDirectory } from '../start/run-directory.js';
import { stopRecorded } from '../start/stop-process.js';

/** A run directory for one run of tests. Those of runs that were killed are cleaned up first, with what they left running. */
export async function openTemporaryRunDirectory(): Promise<RunDirectory> {
  const parent = join(tmpdir(), `backup-awareness-test-${process.getuid?.() ?? 0}`);
  ensureOwnFolder(parent);
  for (const name of readdirSync(parent)) await removeLeftover(join(parent, name));
  return openRunDirectory(mkdtempSync(join(parent, 'run-')));
}

/** Stops whatever runs in it, and removes it with everything that belongs to it. */
export async function disposeRunDirectory(runDirectory: RunDirectory): Promise<void> {
  await stopRecorded(runDirectory.processes);
  removeRootInstance(runDirectory);
  runDirectory.close();
  rmSync(runDirectory.path, { recursive: true, force: true });
}

async function removeLeftover(path: string): Promise<void> {
  let leftover: RunDirectory;
  try {
    leftover = await openRunDirectory(path);
  } catch {
    // Another run of tests is at work in it.
    return;
  }
  await disposeRunDirectory(leftover);
}
