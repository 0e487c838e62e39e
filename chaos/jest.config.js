import preset from '../jest.preset.js';

export default {
  ...preset,
  // Each test runs the whole product through its troubles. The limit is for hangs, not a measure of speed.
  maxWorkers: 1,
  testTimeout: 1_500_000,
};
