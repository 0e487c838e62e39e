export * from './broker.js';
export * from './database.js';
export * from './eventually.js';
export * from './example-report.js';
export * from './malformed-kinds.js';
export * from './npm-start.js';
export * from './report.js';
export * from './tcp-proxy.js';
