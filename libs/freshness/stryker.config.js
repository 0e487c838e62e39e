/**
 * Mutation testing of the decision by its own specs: `npm run mutation`. docs/mutation-testing.md explains the survivors.
 *
 * @type {import('@stryker-mutator/api/core').PartialStrykerOptions}
 */
export default {
  mutate: ['libs/freshness/src/**/*.ts', '!libs/freshness/src/**/*.spec.ts'],
  // Copies only what the specs need. The simulation kills mutants too, but the score is that of the specs.
  ignorePatterns: [
    '/*',
    '!/libs',
    '/libs/*',
    '!/libs/freshness',
    '!/jest.preset.js',
    '!/package.json',
  ],
  tempDirName: '.setup/mutation',
  testRunner: 'jest',
  testRunnerNodeArgs: ['--experimental-vm-modules'],
  jest: { projectType: 'custom', configFile: 'libs/freshness/jest.config.js' },
  plugins: ['@stryker-mutator/jest-runner'],
  coverageAnalysis: 'perTest',
  reporters: ['clear-text', 'progress', 'html', 'json'],
  htmlReporter: { fileName: '.setup/mutation-report/index.html' },
  jsonReporter: { fileName: '.setup/mutation-report/mutation.json' },
  clearTextReporter: { reportTests: false, allowColor: process.stdout.isTTY === true },
  disableTypeChecks: false,
  allowEmpty: false,
  thresholds: { high: 95, low: 90, break: 90 },
};
