import { checkTiming } from './check-timing.js';

const HOUR_MS = 3_600_000;
const now = 1_000 * HOUR_MS;

test.each([
  ['the feature is off', now, null, { kind: 'disabled' }],
  ['no check was made yet', null, HOUR_MS, { kind: 'never_checked' }],
  [
    'the next check is still ahead',
    now - 1,
    HOUR_MS,
    { kind: 'in_time', nextCheckAt: now - 1 + HOUR_MS },
  ],
  [
    'the check is a minute late, which is tolerated',
    now - HOUR_MS - 60_000,
    HOUR_MS,
    { kind: 'in_time', nextCheckAt: now - 60_000 },
  ],
  [
    'the check is two minutes late',
    now - HOUR_MS - 120_000,
    HOUR_MS,
    { kind: 'overdue', nextCheckAt: now - 120_000 },
  ],
])('%s', (_what, lastCheckAt, periodMs, expected) => {
  expect(checkTiming(now, lastCheckAt, periodMs)).toEqual(expected);
});
