// By itself, for a program that sends them and needs neither broker nor database of the tests: it starts in a tenth of the time.
export * from './malformed-kinds.js';
export * from './report.js';
export * from './hostile-properties.js';
export * from './wire-message.js';
