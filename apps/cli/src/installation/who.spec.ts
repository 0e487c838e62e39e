import { whoIs } from './who.js';

test('the author of a change is --by, or the caller of sudo, or the user', () => {
  expect(whoIs({ SUDO_USER: 'ann' }, ' bob ')).toBe('bob');
  expect(whoIs({ SUDO_USER: 'ann' }, undefined)).toBe('ann');
  expect(whoIs({}, undefined)).not.toBe('');
  expect(() => whoIs({}, ' ')).toThrow('--by');
});
