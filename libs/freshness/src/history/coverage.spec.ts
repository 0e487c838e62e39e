import { DAY_MS, HOUR_MS } from '../duration.js';
import { calendarMonth } from './calendar-month.js';
import { coverageOf } from './coverage.js';
import type { EngineHistory, KnownSuccess, SettingsHistory } from './engine-history.js';
import { situationAt, standingOf } from './standing.js';
import { always } from './timeline.js';

const march = calendarMonth('2026-03')!;
const day = (number: number, hour = 0, ms = 0) => Date.UTC(2026, 2, number, hour) + ms;

const settings: SettingsHistory = {
  checkPeriodMs: always<number | null>(6 * HOUR_MS),
  alertPeriodDays: always(1),
};
const sinceLongAgo = { sinceAt: day(-20), isByReport: true };
const engine: EngineHistory = {
  fqdn: 'engine.example.com',
  monitoring: always<EngineHistory['monitoring']['first']>(sinceLongAgo),
  ownPeriodDays: always<number | null>(null),
  successes: [],
};

/** A full backup that was made at an instant, and known at once or later. */
const fullBackup = (countedAt: number, receivedAt = countedAt): KnownSuccess[] => [
  { scope: 'db', countedAt, receivedAt },
  { scope: 'files', countedAt, receivedAt },
];
/** One each midnight, from the last one of February to that of this day. */
const nightly = (lastDay = 31) =>
  Array.from({ length: lastDay + 1 }, (_, number) => day(number)).flatMap((at) => fullBackup(at));

describe('in a month, an engine', () => {
  it.each([
    {
      phrase: 'with a backup each night is covered all the time',
      history: { successes: nightly() },
      expected: {
        coveredMs: 31 * DAY_MS,
        uncoveredMs: 0,
        unwatchedMs: 0,
        gaps: 0,
        longestGapMs: 0,
      },
    },
    {
      phrase: 'without any backup is not covered at all',
      history: {},
      expected: { coveredMs: 0, uncoveredMs: 31 * DAY_MS, gaps: 1, longestGapMs: 31 * DAY_MS },
    },
    {
      phrase: 'with only db backups is not covered at all',
      history: { successes: nightly().filter(({ scope }) => scope === 'db') },
      expected: { coveredMs: 0, uncoveredMs: 31 * DAY_MS },
    },
    {
      phrase: 'is covered at exactly the period, and uncovered a millisecond later',
      history: { successes: [...fullBackup(day(0)), ...fullBackup(day(1, 0, 2))] },
      expected: { gaps: 2, coveredMs: 1 + DAY_MS + 1, uncoveredMs: 30 * DAY_MS - 2 },
    },
    {
      phrase: 'is covered through the change of the clock: a day in UTC has 24 hours',
      history: { successes: nightly(29) },
      expected: { gaps: 1, coveredMs: 29 * DAY_MS + 1, uncoveredMs: 2 * DAY_MS - 1 },
    },
    {
      phrase: 'that was added in mid-month is not watched before, and uncovered until its backup',
      history: {
        monitoring: {
          first: null,
          changes: [{ at: day(16), to: { sinceAt: day(16), isByReport: false } }],
        },
        successes: [17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31].flatMap((number) =>
          fullBackup(day(number)),
        ),
      },
      expected: { unwatchedMs: 15 * DAY_MS, uncoveredMs: DAY_MS, coveredMs: 15 * DAY_MS, gaps: 1 },
    },
    {
      phrase: 'that was retired in mid-month is not watched after that, whatever it still reports',
      history: {
        monitoring: { first: sinceLongAgo, changes: [{ at: day(11), to: null }] },
        successes: nightly(),
      },
      expected: { coveredMs: 10 * DAY_MS, uncoveredMs: 0, unwatchedMs: 21 * DAY_MS },
    },
    {
      phrase: 'that was retired and resumed is covered again at once by what it reported meanwhile',
      history: {
        monitoring: {
          first: sinceLongAgo,
          changes: [
            { at: day(11), to: null },
            { at: day(21), to: { sinceAt: day(21), isByReport: false } },
          ],
        },
        successes: nightly(),
      },
      expected: { coveredMs: 21 * DAY_MS, uncoveredMs: 0, unwatchedMs: 10 * DAY_MS },
    },
    {
      phrase: 'is not watched on the day on which the feature was off',
      history: { successes: nightly() },
      changed: {
        checkPeriodMs: {
          first: 6 * HOUR_MS,
          changes: [
            { at: day(5), to: null },
            { at: day(6), to: 6 * HOUR_MS },
          ],
        },
      },
      expected: { coveredMs: 30 * DAY_MS, uncoveredMs: 0, unwatchedMs: DAY_MS },
    },
    {
      phrase: 'goes by each period while it held, where that was changed twice',
      history: { successes: fullBackup(day(1)) },
      changed: {
        alertPeriodDays: {
          first: 3,
          changes: [
            { at: day(3), to: 1 },
            { at: day(4), to: 5 },
          ],
        },
      },
      // Covered on the 1st and 2nd, not on the 3rd, and again from the 4th until five days after the backup.
      expected: { coveredMs: 2 * DAY_MS + 2 * DAY_MS + 1, gaps: 2 },
    },
    {
      phrase: 'has a report that came three days late cover nothing of what was not known then',
      history: {
        successes: [...nightly(10), ...fullBackup(day(11), day(14)), ...fullBackup(day(14))],
      },
      // Until the 11th, and a day from the 14th on: the late one was too old when it came.
      expected: { coveredMs: 10 * DAY_MS + 1 + DAY_MS + 1, gaps: 2 },
    },
    {
      phrase: 'is covered by a late report that is still young enough, from its receipt on',
      history: { successes: fullBackup(day(2), day(2, 12)) },
      expected: { coveredMs: 12 * HOUR_MS + 1, gaps: 2 },
    },
    {
      phrase: 'goes by an alert period of its own',
      history: {
        ownPeriodDays: { first: null, changes: [{ at: day(1), to: 7 }] },
        successes: fullBackup(day(1)),
      },
      expected: { coveredMs: 7 * DAY_MS + 1, uncoveredMs: 24 * DAY_MS - 1 },
    },
    {
      phrase: 'goes by the general period again after it has dropped its own',
      history: {
        ownPeriodDays: { first: 7, changes: [{ at: day(4), to: null }] },
        successes: fullBackup(day(1)),
      },
      expected: { coveredMs: 3 * DAY_MS, uncoveredMs: 28 * DAY_MS },
    },
    {
      phrase: 'is not covered while its true age is unknown',
      history: { successes: fullBackup(day(3), day(2)) },
      expected: { coveredMs: DAY_MS + 60_000 + 1, gaps: 2 },
    },
  ])('$phrase', ({ history, changed, expected }) => {
    const whole = { ...engine, ...history };
    const coverage = coverageOf(whole, { ...settings, ...changed }, march);
    expect(coverage).toMatchObject(expected);
    const { coveredMs, uncoveredMs, unwatchedMs } = coverage;
    expect(coveredMs + uncoveredMs + unwatchedMs).toBe(march.until - march.from);
  });

  it('is what it is in that month, whatever comes after it', () => {
    const within = { ...engine, successes: nightly(20) };
    const after = {
      ...engine,
      successes: [...nightly(20), ...fullBackup(day(40)), ...fullBackup(day(31), day(50))],
      monitoring: { first: sinceLongAgo, changes: [{ at: day(45), to: null }] },
    };
    expect(coverageOf(after, settings, march)).toEqual(coverageOf(within, settings, march));
  });

  it('has spans that follow one another, each of another kind than its neighbour', () => {
    const { spans } = coverageOf({ ...engine, successes: fullBackup(day(2)) }, settings, march);
    expect(spans).toEqual([
      { from: march.from, until: day(2), cover: 'uncovered' },
      { from: day(2), until: day(3, 0, 1), cover: 'covered' },
      { from: day(3, 0, 1), until: march.until, cover: 'uncovered' },
    ]);
  });
});

describe('the verdict at an instant', () => {
  const standingAt = (history: Partial<EngineHistory>, at: number, changed = {}) =>
    standingOf(situationAt({ ...engine, ...history }, { ...settings, ...changed }, at), at);

  it.each([
    [
      'knows what was received in that very millisecond',
      { successes: fullBackup(day(2), day(3)) },
      day(3),
      'fresh',
    ],
    [
      'does not know what was received later',
      { successes: fullBackup(day(2), day(3, 0, 1)) },
      day(3),
      'no_full_backup',
    ],
    ['is fresh at exactly the period', { successes: fullBackup(day(2)) }, day(3), 'fresh'],
    ['is too old a millisecond later', { successes: fullBackup(day(2)) }, day(3, 0, 1), 'too_old'],
    [
      'goes by the latest success, in whatever order they came',
      { successes: [...fullBackup(day(3), day(3)), ...fullBackup(day(1), day(4))] },
      day(4),
      'fresh',
    ],
    [
      'is zero for an engine that was not monitored',
      { monitoring: always(null) },
      day(3),
      'not_watched',
    ],
  ])('%s', (_, history, at, expected) => {
    expect(standingAt(history, at)).toBe(expected);
  });

  it('is zero while the feature was off', () => {
    expect(standingAt({}, day(3), { checkPeriodMs: always(null) })).toBe('feature_off');
  });

  it('is made of the last success of each scope, and of when its monitoring began', () => {
    const monitoring = {
      first: null,
      changes: [{ at: day(1), to: { ...sinceLongAgo, sinceAt: day(1) } }],
    };
    const successes = [
      { scope: 'db' as const, countedAt: day(2), receivedAt: day(2) },
      { scope: 'files' as const, countedAt: day(3), receivedAt: day(3) },
    ];
    expect(situationAt({ ...engine, monitoring, successes }, settings, day(4)).facts).toEqual({
      fqdn: engine.fqdn,
      watchedSinceAt: day(1),
      retired: false,
      lastDbSuccessAt: day(2),
      lastFilesSuccessAt: day(3),
      alertPeriodMs: DAY_MS,
      alertPeriodChangedAt: null,
    });
  });

  it('is since the change of the period that made it so', () => {
    const changed = { alertPeriodDays: { first: 7, changes: [{ at: day(4), to: 1 }] } };
    const history = { ...engine, successes: fullBackup(day(1)) };
    const { facts } = situationAt(history, { ...settings, ...changed }, day(5));
    expect(facts).toMatchObject({ alertPeriodMs: DAY_MS, alertPeriodChangedAt: day(4) });
  });
});
