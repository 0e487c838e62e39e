import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A Jest reporter that leaves the counts of one run in the folder TEST_COUNTS_DIR, for the sum over all projects. */
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
      // A file that could not even be loaded has failed too, though no test in it could.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(join(folder, `${randomUUID()}.json`), JSON.stringify(counts));
  }
}
