import { missingOutputs } from '../../setup/build.mjs';

test('after set-up no output is missing, so that a second one has nothing to do', () => {
  // npm test has set up before it runs this.
  expect(missingOutputs()).toEqual([]);
});
