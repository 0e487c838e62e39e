import config from './jest.config.js';

/** Tests against third-party programs, which must be installed: amqp-tools, python3-pika and prometheus. */
export default { ...config, testMatch: ['<rootDir>/src/**/*.interop.ts'] };
