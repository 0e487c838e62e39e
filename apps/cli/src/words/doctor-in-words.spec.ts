import { skippedInWords } from './doctor-in-words.js';

const checks = (...states: ('ok' | 'skipped' | 'failed')[]) => states.map((state) => ({ state }));

describe('the last line of the doctor', () => {
  it.each([
    ['there is none if all was examined', checks('ok', 'failed'), undefined],
    [
      'says how much is unknown',
      checks('ok', 'skipped', 'skipped'),
      '2 of 3 checks were skipped: what they examine is unknown.',
    ],
    [
      'says that nothing is known if every check was skipped',
      checks('skipped', 'skipped'),
      'Every check was skipped: nothing is known of this installation.',
    ],
  ])('%s', (_, of, line) => {
    expect(skippedInWords(of)).toBe(line);
  });
});
