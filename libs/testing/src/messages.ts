// Apart from the rest, for programs that need neither the broker nor the database of the tests: they start ten times as fast.
export * from './malformed-kinds.js';
export * from './report.js';
export * from './hostile-properties.js';
export * from './wire-message.js';
