import preset from '../jest.preset.js';

export default {
  ...preset,
  // Each test runs the whole product: one after the other, with limits that suit a busy machine.
  maxWorkers: 1,
  testTimeout: 180_000,
};
