import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  removeAbandonedTemporaryInstances,
  removeTemporaryInstance,
} from '../postgresql/root-instances.js';
import {
  TEMPORARY,
  ensureOwnFolder,
  openRunDirectory,
  type RunDirectory,
} from './run-directory.js';
import { stopRecorded } from '../processes/stop-process.js';

/** A run directory for one run of tests. First removes those of runs that were killed, and stops what they left running. */
export async function openTemporaryRunDirectory(): Promise<RunDirectory> {
  const parent = join(tmpdir(), `backup-awareness-test-${process.getuid?.() ?? 0}`);
  ensureOwnFolder(parent);
  for (const name of readdirSync(parent)) await removeLeftover(join(parent, name));
  removeAbandonedTemporaryInstances();
  return openRunDirectory(mkdtempSync(join(parent, 'run-')), { temporary: true });
}

/** Stops everything that runs in it, and removes it with its data. @throws where it was not made as temporary */
export async function disposeRunDirectory(runDirectory: RunDirectory): Promise<void> {
  if (!runDirectory.isTemporary)
    throw new Error(`${runDirectory.path} is not marked as temporary, so it is not removed`);
  await stopRecorded(runDirectory.processes);
  removeTemporaryInstance(runDirectory);
  runDirectory.close();
  rmSync(runDirectory.path, { recursive: true, force: true });
}

async function removeLeftover(path: string): Promise<void> {
  if (!existsSync(join(path, TEMPORARY))) return;
  let leftover: RunDirectory;
  try {
    leftover = await openRunDirectory(path);
  } catch {
    // Another run of tests is using it.
    return;
  }
  await disposeRunDirectory(leftover);
}
