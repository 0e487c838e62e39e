import { randomInt } from 'node:crypto';
import { simulate } from './simulate.js';

const HISTORIES = 2_000;
const seed = randomInt(2 ** 30);

describe('the decision', () => {
  it(`agrees with the naive model in ${HISTORIES} histories (seed ${seed})`, () => {
    process.stdout.write(
      `simulation: npm run simulate -- --seed ${seed} --histories ${HISTORIES}\n`,
    );
    expect(simulate({ seed, histories: HISTORIES })).toBeUndefined();
  });
});
