import { isHostName, normalizeFqdn } from './fqdn.js';

describe('a host name', () => {
  it.each([
    ['engine.example.com', true],
    ['engine', true],
    ['10.0.0.7', true],
    ['xn--bcher-kva.example', true],
    [`${'a'.repeat(63)}.example`, true],
    [`${'a'.repeat(64)}.example`, false],
    ['-cmd.example.com', false],
    ['a-.b', false],
    ['a..b', false],
    ['.a', false],
    ['-', false],
  ])('%s can be that of a host: %s', (name, expected) => {
    expect(isHostName(name)).toBe(expected);
    // A report may come from any of these.
    expect(normalizeFqdn(name)).toBe(name);
  });
});
