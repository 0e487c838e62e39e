export * from './broker.js';
export * from './compiled-program.js';
export * from './database.js';
export * from './eventually.js';
export * from './example-report.js';
export * from './messages.js';
export * from './npm-start.js';
export * from './tcp-proxy.js';
