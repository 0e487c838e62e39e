import preset from '../jest.preset.js';

export default {
  ...preset,
  // Each test runs the whole product: one after the other, and with the patience that a busy machine asks for.
  maxWorkers: 1,
  testTimeout: 180_000,
};
