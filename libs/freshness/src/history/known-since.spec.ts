import { DAY_MS } from '../duration.js';
import { removedBefore, successesKnownSince } from './known-since.js';
import { always } from './timeline.js';

const NOW = Date.UTC(2026, 10, 23);
const daysAgo = (days: number) => NOW - days * DAY_MS;

describe('what was removed by a retention', () => {
  it.each([
    ['is what is older than it', always(30), daysAgo(30)],
    ['is nothing where all is kept', always(null), null],
    [
      'is what was older when it was shorter, though it is longer now',
      { first: 10, changes: [{ at: daysAgo(5), to: 400 }] },
      daysAgo(15),
    ],
    [
      'is what is older now where it was longer before',
      { first: 400, changes: [{ at: daysAgo(5), to: 10 }] },
      daysAgo(10),
    ],
    [
      'is what was older before all was kept',
      { first: 30, changes: [{ at: daysAgo(100), to: null }] },
      daysAgo(130),
    ],
  ])('%s', (_, retentionDays, expected) => {
    expect(removedBefore(retentionDays, NOW)).toBe(expected);
  });
});

describe('where reports received before an instant were removed, the last success is known', () => {
  const H = 1_000;
  const success = (scope: 'db' | 'files', receivedAt: number, countedAt = receivedAt) => ({
    scope,
    receivedAt,
    countedAt,
  });

  it.each([
    ['from then on where none was received since', [], H],
    [
      'from then on where the last one was received before, since that is always kept',
      [success('db', 900), success('files', 950)],
      H,
    ],
    [
      'from then on where what came since counts earlier than the last one',
      [success('db', 900), success('db', 1_500, 800), success('files', 950)],
      H,
    ],
    [
      'from the first one since that counts later than anything removed',
      [success('db', 1_200), success('db', 1_300), success('files', 950)],
      1_200,
    ],
    [
      'from the first one since, though one of before is there',
      [success('db', 900), success('db', 1_500), success('files', 950)],
      1_500,
    ],
    [
      'since both scopes are known',
      [success('db', 1_200), success('files', 1_400), success('files', 1_500)],
      1_400,
    ],
    [
      'not from one that came late: what was removed may count later',
      [success('db', 1_100, 700), success('db', 1_600), success('files', 950)],
      1_600,
    ],
    [
      'from the last one, though it came late: what was removed counts earlier',
      [success('db', 1_100, 700), success('files', 950)],
      1_100,
    ],
  ])('%s', (_, successes, expected) => {
    expect(successesKnownSince(successes, H)).toBe(expected);
  });
});
