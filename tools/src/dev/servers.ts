import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { errorText } from '@backup-awareness/contracts/plain';
import {
  createProgress,
  disposeRunDirectory,
  openTemporaryRunDirectory,
  replaceJson,
  type MainOptions,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { checkout } from '../../setup/workspace.mjs';
import { bringUpTestServers } from '../test/test-servers.js';

/** Read by jest.preset.js and tools/dev.mjs. Its passwords are those of servers on loopback that end with this process. */
const FILE = join(checkout, '.dev', 'servers.json');

/**
 * `npm run dev:servers`: runs a private broker and database for the specs of this checkout until it is stopped, then removes them.
 * Resolves with the exit code.
 */
export async function main({ signal }: MainOptions): Promise<number> {
  process.umask(0o077);
  const progress = createProgress();
  let runDirectory: RunDirectory | undefined;
  try {
    runDirectory = await openTemporaryRunDirectory();
    const environment = await bringUpTestServers(runDirectory, progress, signal);
    mkdirSync(join(checkout, '.dev'), { recursive: true });
    replaceJson(FILE, { pid: process.pid, environment });
    progress.line('Specs of this checkout use these servers until Ctrl-C.');
    await stopped(signal);
    return 0;
  } catch (error) {
    if (signal.aborted) return 0;
    process.stderr.write(`backup-awareness: ${errorText(error)}\n`);
    return 1;
  } finally {
    rmSync(FILE, { force: true });
    if (runDirectory) await disposeRunDirectory(runDirectory);
  }
}

async function stopped(signal: AbortSignal): Promise<void> {
  // Only a timer keeps the process alive.
  const alive = setInterval(() => undefined, 60_000);
  if (!signal.aborted)
    await new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve(), { once: true }),
    );
  clearInterval(alive);
}
