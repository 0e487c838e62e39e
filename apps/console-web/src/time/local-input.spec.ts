import { inputOf, instantOf } from './local-input.js';

test('an instant is entered and shown in the same zone', () => {
  const instant = '2026-11-29T10:43:00.000Z';
  expect(instantOf(inputOf(instant))).toBe(instant);
});

test('what is no instant is shown as nothing, and nothing is none', () => {
  expect(inputOf('yesterday')).toBe('');
  expect(inputOf(undefined)).toBe('');
  expect(instantOf('')).toBeUndefined();
});
