/* eslint-disable @typescript-eslint/no-require-imports -- CommonJS has no other synchronous way to load a module */
// Replaces node:assert in the bundle: the real one is slow to load, and is needed only when an assertion fails.
module.exports = (value, message) => {
  if (!value) require('assert').ok(value, message);
};
module.exports.equal = (actual, expected, message) => {
  if (actual !== expected) require('assert').equal(actual, expected, message);
};
