import config from './jest.config.js';

/** `npm run screenshots`: pictures of every page of the console, to be looked at. */
export default {
  ...config,
  testMatch: ['<rootDir>/src/**/*.screenshots.ts'],
  testTimeout: 600_000,
};
