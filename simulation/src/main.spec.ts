import { main } from './main.js';

describe('npm run simulate', () => {
  let out: string[];
  let err: string[];
  beforeEach(() => {
    out = [];
    err = [];
  });

  const simulateWith = (args: readonly string[], signal = new AbortController().signal) =>
    main({
      arguments: args,
      signal,
      output: { write: (text) => out.push(text) },
      errors: { write: (text) => err.push(text) },
    });

  it('shows its seed, its progress, and that decision and model agree', async () => {
    const exitCode = await simulateWith(['--seed', '7', '--histories', '50']);
    expect(out[0]).toBe('Seed 7: 50 histories\n');
    expect(out.join('')).toContain('50 of 50 histories');
    expect(out.at(-1)).toBe('The decision and the naive model agree in all 50 histories.\n');
    expect(exitCode).toBe(0);
  });

  it.each([
    [['--seed', 'x'], '--seed: expected a whole number from 0 to 1073741824, got "x"'],
    [['--histories', '0'], '--histories: expected a whole number from 1 to 100000000, got "0"'],
    [['--histories', '1.5'], 'got "1.5"'],
    [['--speed'], "Unknown option '--speed'"],
  ])('refuses %j', async (args, message) => {
    expect(await simulateWith(args)).toBe(2);
    expect(err.join('')).toContain(message);
    expect(out).toEqual([]);
  });

  it('does not claim agreement when it is stopped', async () => {
    expect(await simulateWith(['--histories', '50'], AbortSignal.abort('SIGINT'))).toBe(1);
    expect(out.join('')).not.toContain('agree');
  });
});
