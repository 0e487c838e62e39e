import { readFileSync } from 'node:fs';

useDevServers();

/** What every project's Jest has in common: TypeScript as ES modules, straight from the sources. */
export default {
  testEnvironment: 'node',
  // A cap for a hang on a slow machine, not a measure of speed.
  testTimeout: 240_000,
  testMatch: ['<rootDir>/src/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: {
    customExportConditions: ['@backup-awareness/source', 'node', 'node-addons'],
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'es6' },
        jsc: {
          target: 'es2022',
          keepClassNames: true,
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
};

/** The servers that `npm run dev:servers` keeps up, unless the tests have been given others. */
function useDevServers() {
  if (process.env.TEST_DATABASE_URL) return;
  try {
    const file = new URL('.dev/servers.json', import.meta.url);
    const { pid, environment } = JSON.parse(readFileSync(file, 'utf8'));
    process.kill(pid, 0);
    Object.assign(process.env, environment);
  } catch {
    // None are up; specs that need them say so.
  }
}
