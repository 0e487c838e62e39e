import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Jest reporter that writes the counts of one run to the folder TEST_COUNTS_DIR, to be summed over all projects. */
export default class JestCounts {
  constructor({ rootDir }) {
    this.rootDir = rootDir;
  }

  onRunComplete(_contexts, results) {
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
}
