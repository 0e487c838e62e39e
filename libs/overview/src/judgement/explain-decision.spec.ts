import { explainDecision } from './explain-decision.js';
import { exampleAlert, exampleEngine, exampleProduct, HOUR_MS, NOW } from '../spec/example-view.js';

const stale = { lastDbSuccessAt: NOW - 25 * HOUR_MS };
const none = { lastDbSuccessAt: null };
const noFull = { activeAlerts: [exampleAlert()] };
const off = {
  settings: { ok: true, value: { checkPeriodHours: null, alertPeriodDays: 1 } },
} as const;

test.each([
  ['fresh', {}, {}, 'fresh', 'none'],
  ['too old', stale, {}, 'too_old', 'next_check'],
  ['without a full backup', none, {}, 'no_full_backup', 'next_check'],
  ['just added', { ...none, isChanged: true }, {}, 'no_full_backup', 'within_seconds'],
  ['still alerted', { ...none, ...noFull }, {}, 'still_without_full_backup', 'none'],
  ['backed up since its alert', noFull, {}, 'full_backup', 'within_seconds'],
  ['alerted for the other reason', { ...stale, ...noFull }, {}, 'too_old', 'superseded'],
  ['backed up in the future', { lastDbSuccessAt: NOW + HOUR_MS }, {}, 'success_in_future', 'none'],
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
    undefined,
  ],
  ['retired', { retiredAt: NOW, ...none }, {}, 'not_watched', 'none'],
  ['monitored while the feature is off', none, off, 'feature_off', 'none'],
  ['due while no checker runs', none, { lastCheck: null }, 'no_full_backup', 'when_checker_runs'],
])('an engine that is %s', (_what, engine, product, reason, effect) => {
  const explanation = explainDecision(exampleEngine(engine), exampleProduct(product));
  expect(explanation?.kind).toBe(reason);
  expect(explanation?.parameters).toEqual(
    effect === undefined ? { outcome: 'unchanged' } : { outcome: expect.any(String), effect },
  );
});

test('an explanation has its instants', () => {
  expect(explainDecision(exampleEngine(none), exampleProduct())?.instants).toEqual({
    nextCheckAt: NOW + 5 * HOUR_MS,
  });
});

test('there is no explanation if no decision is made', () => {
  const engine = exampleEngine({ facts: undefined, freshness: undefined });
  expect(explainDecision(engine, exampleProduct())).toBeUndefined();
});
