import { explainDecision } from './explain-decision.js';
import { exampleAlert, exampleEngine, exampleProduct, HOUR_MS, NOW } from '../spec/example-view.js';

const stale = { lastDbSuccessAt: NOW - 25 * HOUR_MS };
const none = { lastDbSuccessAt: null };
const noFull = { activeAlerts: [exampleAlert()] };
const off = {
  settings: { ok: true, value: { checkPeriodHours: null, alertPeriodDays: 1 } },
} as const;

test.each([
  ['fresh', {}, {}, 'fresh', 'within the limit.'],
  ['too old', stale, {}, 'too_old', 'and the check of 2026-11-23'],
  ['without a full backup', none, {}, 'no_full_backup', 'raises it.'],
  ['just added', { ...none, isChanged: true }, {}, 'no_full_backup', 'within seconds'],
  ['alerted still', { ...none, ...noFull }, {}, 'still_without_full_backup', 'The alert stands'],
  ['alerted, and backed up since', noFull, {}, 'full_backup', 'about to be cleared'],
  ['alerted otherwise before', { ...stale, ...noFull }, {}, 'too_old', 'takes the place'],
  [
    'backed up in the future',
    { lastDbSuccessAt: NOW + HOUR_MS },
    {},
    'success_in_future',
    'clock accept discounts',
  ],
  [
    'alerted while the clock is behind',
    noFull,
    {
      time: {
        isKnown: false as const,
        reason: 'clock_behind' as const,
        clockAt: NOW,
        latestAt: NOW + HOUR_MS,
      },
    },
    'clock_behind',
    'Nothing is decided: the database',
  ],
  ['retired', { retiredAt: NOW, ...none }, {}, 'not_watched', 'is retired'],
  ['watched while the feature is off', none, off, 'feature_off', 'the feature is disabled'],
  [
    'due while no checker runs',
    none,
    { lastCheck: null },
    'no_full_backup',
    'as soon as a checker',
  ],
])('an engine that is %s', (_what, engine, product, reason, words) => {
  const explanation = explainDecision(exampleEngine(engine), exampleProduct(product));
  expect(explanation?.reason).toBe(reason);
  expect(explanation?.decision).toContain(words);
});

test('the facts are told in one sentence', () => {
  expect(explainDecision(exampleEngine(stale), exampleProduct())?.facts).toMatch(
    /^The last full backup is 1 day and 1 hour old, and at most 1 day is allowed: too old since /,
  );
  expect(explainDecision(exampleEngine(none), exampleProduct())?.facts).toMatch(
    /^There is no full backup: no success of db or files was ever reported; watched for 4 days/,
  );
});

test('nothing is explained where nothing is decided', () => {
  const engine = exampleEngine({ facts: undefined, freshness: undefined });
  expect(explainDecision(engine, exampleProduct())).toBeUndefined();
});
