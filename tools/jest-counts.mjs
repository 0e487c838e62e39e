import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

const TIME_TO_END_MS = 60_000;

/**
 * A Jest reporter that writes the counts of one run to the folder TEST_COUNTS_DIR, to be summed over all projects. A run that does not end
 * after its last test, because a test has left a program running, fails instead of waiting for ever; one that watches files is to wait.
 */
export default class JestCounts {
  constructor({ rootDir, watch, watchAll }) {
    this.rootDir = rootDir;
    this.isToEnd = !watch && !watchAll;
  }

  onRunComplete(_contexts, results) {
    if (this.isToEnd) setTimeout(this.fail, TIME_TO_END_MS).unref();
    const folder = process.env.TEST_COUNTS_DIR;
    if (!folder) return;
    const counts = {
      folder: this.rootDir,
      passed: results.numPassedTests,
      // A file that could not be loaded has failed, too, although none of its tests ran.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(counts));
  }

  fail = () => {
    process.stderr.write(
      `Something that a test of ${this.rootDir} has started still runs ${TIME_TO_END_MS / 1000} s after the last test.\n`,
    );
    process.exit(1);
  };
}
