import { isNearlyFull, nearlyFullWarning, percentFull } from './queue-fullness.js';

const MIB = 1024 * 1024;

test.each([
  ['is empty', { messages: 0 }, 0, false],
  ['has one message less than 80 % of its bound', { messages: 79_999 }, 79, false],
  ['has 80 % of the messages', { messages: 80_000 }, 80, true],
  ['has few messages and 80 % of the bytes', { messages: 1, bytes: 410 * MIB }, 80, true],
  ['is at its bound', { messages: 100_000, bytes: 1 }, 100, true],
])('a queue that %s', (_what, kept, percent, isWarned) => {
  expect(percentFull(kept)).toBe(percent);
  expect(isNearlyFull(percent)).toBe(isWarned);
});

test('the warning names the queue, and says what happens when it is full', () => {
  expect(nearlyFullWarning('ovirt.unrouted', 81)).toMatch(
    /^ovirt\.unrouted is 81 % full; .* drops the oldest/,
  );
});
