import config from './jest.config.js';

/** Tests against other programs, which must be installed: tar, dpkg and dpkg-deb. */
export default { ...config, testMatch: ['<rootDir>/test/**/*.interop.ts'] };
