import config from './jest.config.js';

/** Tests against other programs, which must be installed: tar, dpkg, dpkg-deb and rpm. */
export default { ...config, testMatch: ['<rootDir>/test/**/*.interop.ts'] };
