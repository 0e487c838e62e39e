import { checkTiming } from './check-timing.js';

const HOUR_MS = 3_600_000;
const now = 1_000 * HOUR_MS;

test.each([
  ['the feature is off', now, null, { kind: 'disabled' }],
  ['there never was a check', null, HOUR_MS, { kind: 'never_checked' }],
  [
    'the next one is to come',
    now - 1,
    HOUR_MS,
    { kind: 'in_time', nextCheckAt: now - 1 + HOUR_MS },
  ],
  [
    'it is a minute late, as it may be',
    now - HOUR_MS - 60_000,
    HOUR_MS,
    { kind: 'in_time', nextCheckAt: now - 60_000 },
  ],
  [
    'it is two minutes late',
    now - HOUR_MS - 120_000,
    HOUR_MS,
    { kind: 'overdue', nextCheckAt: now - 120_000 },
  ],
])('%s', (_what, lastCheckAt, periodMs, expected) => {
  expect(checkTiming(now, lastCheckAt, periodMs)).toEqual(expected);
});
