import config from './jest.config.js';

/** Tests against third-party programs, which must be installed: amqp-tools and python3-pika. */
export default { ...config, testMatch: ['<rootDir>/src/**/*.interop.ts'] };
