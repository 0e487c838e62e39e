import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../setup/workspace.mjs';
import { errorText } from '@backup-awareness/contracts/plain';
import {
  createProgress,
  disposeRunDirectory,
  openTemporaryRunDirectory,
  StartFailure,
  type MainOptions,
  type Progress,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { ensureHelm } from '../deploy/chart/helm.js';
import { judge, readCounts } from './counts.js';
import { ensureForeignPackages } from './foreign-packages.js';
import { ensureInteropPackages } from './interop-packages.js';
import { needServers, projectsWith, selectProjects } from './projects.js';
import { runTargets } from './run-targets.js';
import { bringUpTestServers } from './test-servers.js';

/** The script of a project that a command runs. */
const TARGETS: Readonly<Record<string, string>> = {
  'test:interop': 'interop',
  screenshots: 'screenshots',
};

const EXIT_CODES: Record<string, number> = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

/**
 * `npm test`, `npm run test:interop` and `npm run screenshots`: starts a private broker and database, runs the tests of all projects or of those that
 * are named, and stops both. Resolves with the exit code.
 */
export async function main(options: MainOptions): Promise<number> {
  process.umask(0o077);
  const progress = createProgress();
  let runDirectory: RunDirectory | undefined;
  try {
    runDirectory = await openTemporaryRunDirectory();
    return (await runTests(runDirectory, options, progress)) ? 0 : 1;
  } catch (error) {
    if (!options.signal.aborted) {
      process.stderr.write(`backup-awareness: ${errorText(error)}\n`);
    }
    return 1;
  } finally {
    if (runDirectory) await disposeRunDirectory(runDirectory);
    // A run that was cut short shows nothing.
    if (options.signal.aborted) process.exit(EXIT_CODES[String(options.signal.reason)] ?? 1);
  }
}

async function runTests(
  runDirectory: RunDirectory,
  { task, arguments: args, signal }: MainOptions,
  progress: Progress,
): Promise<boolean> {
  const target = TARGETS[task] ?? 'test';
  const firstOption = args.findIndex((text) => text.startsWith('-'));
  const names = firstOption < 0 ? args : args.slice(0, firstOption);
  const jestArguments = firstOption < 0 ? [] : args.slice(firstOption);
  const projects = selectProjects(projectsWith(target), names);
  if (projects.length === 0) throw new StartFailure(`no project has a script "${target}"`);
  if (target !== 'test') await ensureInteropPackages(runDirectory, progress);
  if (target === 'interop') {
    await ensureForeignPackages(checkout, progress);
    await ensureHelm(progress);
  }

  const servers = needServers(projects)
    ? await bringUpTestServers(runDirectory, progress, signal)
    : {};
  const counts = join(runDirectory.path, 'counts');
  mkdirSync(counts);
  const succeeded = await runTargets({
    target,
    projects,
    jestArguments,
    environment: { ...servers, TEST_COUNTS_DIR: counts },
    signal,
  });
  signal.throwIfAborted();

  const folders = projects.map(({ folder }) => join(checkout, folder));
  const verdict = judge(folders, readCounts(counts));
  // With options for Jest, such as a pattern, some projects may run no test.
  const silent = jestArguments.length === 0 ? verdict.silent : [];
  for (const folder of silent) progress.line(`No test ran in ${folder}.`);
  if (verdict.skipped > 0) progress.line(`${verdict.skipped} skipped`);
  if (!succeeded && verdict.failed === 0) progress.line('nx reported a failure; see above.');
  progress.line(`${verdict.passed} passed, ${verdict.failed} failed`);
  return succeeded && verdict.failed === 0 && verdict.passed > 0 && silent.length === 0;
}
