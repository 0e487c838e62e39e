/* eslint-disable @typescript-eslint/no-require-imports -- a bundle of CommonJS asks for modules in no other way at once */
// In the bundle in place of node:assert, whose way of telling what is wrong takes long to load and is asked for only then.
module.exports = (value, message) => {
  if (!value) require('assert').ok(value, message);
};
module.exports.equal = (actual, expected, message) => {
  if (actual !== expected) require('assert').equal(actual, expected, message);
};
