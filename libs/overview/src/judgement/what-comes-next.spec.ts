import { exampleAlert, exampleEngine, exampleProduct, HOUR_MS, NOW } from '../spec/example-view.js';
import { explainDecision } from './explain-decision.js';
import { whatComesNext } from './what-comes-next.js';

function next(fields: Parameters<typeof exampleEngine>[0], of = {}) {
  const engine = exampleEngine(fields);
  const product = exampleProduct(of);
  return whatComesNext(engine, product, explainDecision(engine, product));
}

const off = {
  settings: {
    ok: true,
    value: { checkPeriodHours: null, alertPeriodDays: 1, stuckAfterHours: 12 },
  },
};
const both = ['db', 'files'];
const nextCheck = NOW + 5 * HOUR_MS;

test('a fresh engine turns too old, and the first check after that raises its alert', () => {
  expect(next({})).toEqual({
    kind: 'turns_too_old',
    freshUntilAt: NOW + 23 * HOUR_MS,
    // A check at the very end finds it fresh still.
    checkAt: NOW + 29 * HOUR_MS,
    alert: 'ENGINE_NO_WARM_BACKUP',
    neededScopes: both,
  });
});

test.each([
  ['db', { lastFilesSuccessAt: NOW - HOUR_MS, lastDbSuccessAt: NOW - 2 * HOUR_MS }],
  ['files', { lastDbSuccessAt: NOW - HOUR_MS, lastFilesSuccessAt: NOW - 2 * HOUR_MS }],
])('of a fresh engine %s is the one that is short', (scope, last) => {
  const { facts } = exampleEngine();
  const found = next({ facts: { ...facts!, ...last } });
  expect(found).toMatchObject({ freshUntilAt: NOW + 22 * HOUR_MS, neededScopes: [scope] });
});

test.each([
  [
    'without a backup',
    { lastDbSuccessAt: null },
    'alert_is_raised',
    'ENGINE_NO_FULL_BACKUP',
    nextCheck,
  ],
  [
    'too old',
    { lastDbSuccessAt: NOW - 30 * HOUR_MS },
    'alert_is_raised',
    'ENGINE_NO_WARM_BACKUP',
    nextCheck,
  ],
  [
    'just added',
    { lastDbSuccessAt: null, isChanged: true },
    'alert_is_raised',
    'ENGINE_NO_FULL_BACKUP',
    null,
  ],
  [
    'alerted',
    { lastDbSuccessAt: null, activeAlerts: [exampleAlert()] },
    'alert_stays',
    'ENGINE_NO_FULL_BACKUP',
    null,
  ],
] as const)('an engine that is %s needs both', (_, engine, kind, alert, checkAt) => {
  expect(next(engine)).toEqual({ kind, alert, checkAt, freshUntilAt: null, neededScopes: both });
});

test.each([
  ['backed up since its alert', { activeAlerts: [exampleAlert()] }, {}, 'alert_is_cleared'],
  ['retired', { retiredAt: NOW }, {}, 'nothing'],
  ['monitored while the feature is off', {}, off, 'nothing'],
  ['backed up in the future', { lastDbSuccessAt: NOW + HOUR_MS }, {}, 'unknown'],
  ['not readable', { facts: undefined, freshness: undefined }, {}, 'unknown'],
  [
    'fresh while the clock is behind',
    {},
    {
      time: { isKnown: false, reason: 'clock_behind', clockAt: NOW, latestAt: NOW + HOUR_MS },
    },
    'unknown',
  ],
])('of an engine that is %s nothing is foretold', (_, engine, product, kind) => {
  expect(next(engine, product)).toMatchObject({ kind, freshUntilAt: null, checkAt: null });
});
