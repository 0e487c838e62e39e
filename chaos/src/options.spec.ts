import { parseOptions } from './options.js';

describe('the command line', () => {
  it('accepts names of troubles, a seed and a defect', () => {
    expect(parseOptions(['kills', 'disk', '--seed', '7', '--short'])).toEqual({
      names: ['kills', 'disk'],
      seed: 7,
      isShort: true,
      wantsHelp: false,
    });
    expect(parseOptions(['--broken', 'ack-before-commit']).broken).toBe('ack-before-commit');
  });

  it('draws a seed if none is given', () => {
    expect(Number.isInteger(parseOptions([]).seed)).toBe(true);
  });

  it.each([
    [['flood'], 'unknown trouble "flood"; expected one of kills, stops'],
    [['--seed', 'x'], '--seed: expected a whole number, got "x"'],
    [['--broken', 'x'], '--broken: expected ack-before-commit or event-outside-transaction'],
    [['--loud'], 'loud'],
  ])('refuses %j', (args, message) => {
    expect(() => parseOptions(args)).toThrow(message);
  });
});
