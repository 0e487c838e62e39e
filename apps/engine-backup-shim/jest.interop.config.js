import config from './jest.config.js';

/** Tests against programs of others, which have to be there: tar, dpkg and dpkg-deb. */
export default { ...config, testMatch: ['<rootDir>/test/**/*.interop.ts'] };
