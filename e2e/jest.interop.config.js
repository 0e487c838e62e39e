import config from './jest.config.js';

/** Tests against programs of others, which have to be installed: amqp-tools and python3-pika. */
export default { ...config, testMatch: ['<rootDir>/src/**/*.interop.ts'] };
