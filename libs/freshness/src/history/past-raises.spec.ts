import { DAY_MS, HOUR_MS } from '../duration.js';
import type { EngineHistory, SettingsHistory } from './engine-history.js';
import { countRaises } from './past-raises.js';
import { always } from './timeline.js';

const START = Date.UTC(2026, 10, 1);
const at = (days: number, hours = 0) => START + days * DAY_MS + hours * HOUR_MS;
const span = { from: START, until: at(30) };
/** At 0, 6, 12 and 18 o'clock. */
const CHECK_AT = at(30);

const settings: SettingsHistory = {
  checkPeriodMs: always<number | null>(6 * HOUR_MS),
  alertPeriodDays: always(1),
};
const fullBackup = (countedAt: number) =>
  (['db', 'files'] as const).map((scope) => ({ scope, countedAt, receivedAt: countedAt }));
const nightlyBut = (...missed: number[]) =>
  Array.from({ length: 31 }, (_, day) => day)
    .filter((day) => !missed.includes(day))
    .flatMap((day) => fullBackup(at(day)));
const engine: EngineHistory = {
  fqdn: 'engine.example.com',
  monitoring: always<EngineHistory['monitoring']['first']>({ sinceAt: at(-9), isByReport: true }),
  ownPeriodDays: always<number | null>(null),
  successes: nightlyBut(),
};

describe('a history raises', () => {
  it.each([
    { phrase: 'none while each night has its backup', history: {}, expected: 0 },
    {
      phrase: 'one for each gap that a check falls into',
      history: { successes: nightlyBut(5, 6, 12) },
      expected: 2,
    },
    {
      phrase: 'none for a gap between two checks',
      history: {
        successes: [...nightlyBut(5), ...fullBackup(at(5, 5))].toSorted(
          (a, b) => a.receivedAt - b.receivedAt,
        ),
      },
      expected: 0,
    },
    {
      phrase: 'none for a gap that ends in the very instant of a check',
      history: {
        successes: [...nightlyBut(5), ...fullBackup(at(5, 6))].toSorted(
          (a, b) => a.receivedAt - b.receivedAt,
        ),
      },
      expected: 0,
    },
    {
      phrase: 'none for what was due before it began',
      history: { successes: [] },
      expected: 0,
    },
    {
      phrase: 'none after the engine was retired',
      history: {
        monitoring: { first: engine.monitoring.first, changes: [{ at: at(10), to: null }] },
        successes: nightlyBut(5, 12),
      },
      expected: 1,
    },
    {
      phrase: 'one more when an alert becomes the other kind',
      history: {
        monitoring: {
          first: null,
          changes: [{ at: at(2), to: { sinceAt: at(2), isByReport: false } }],
        },
        // Known when it is too old already.
        successes: fullBackup(at(1)).map((one) => ({ ...one, receivedAt: at(10) })),
      },
      expected: 2,
    },
    {
      phrase: 'one for an engine that is added without a backup',
      history: {
        monitoring: {
          first: null,
          changes: [{ at: at(2, 1), to: { sinceAt: at(2, 1), isByReport: false } }],
        },
        successes: nightlyBut(0, 1, 2),
      },
      expected: 1,
    },
    {
      phrase:
        'one at once after a change of the period, though a backup comes before the next check',
      history: { successes: nightlyBut() },
      changed: {
        alertPeriodDays: {
          first: 1,
          changes: [
            { at: at(3, 20), to: 0.5 },
            { at: at(4), to: 1 },
          ],
        },
      },
      expected: 1,
    },
    {
      phrase: 'none while the feature is off',
      history: { successes: nightlyBut(5, 6, 12) },
      changed: { checkPeriodMs: always(null) },
      expected: 0,
    },
  ])('$phrase', ({ history, changed, expected }) => {
    const counted = countRaises(
      { ...engine, ...history },
      { ...settings, ...changed },
      span,
      CHECK_AT,
    );
    expect(counted).toBe(expected);
  });

  it('none for what was due before it began, though it begins between two checks', () => {
    const neverBackedUp = { ...engine, successes: [] };
    expect(countRaises(neverBackedUp, settings, span, CHECK_AT + HOUR_MS)).toBe(0);
  });

  it('fewer with a longer period, of the same history', () => {
    const history = { ...engine, successes: nightlyBut(5, 6, 12) };
    const withDays = (days: number) =>
      countRaises(history, { ...settings, alertPeriodDays: always(days) }, span, CHECK_AT);
    expect([1, 2, 3].map(withDays)).toEqual([2, 1, 0]);
  });

  it('none for an engine that its first report registers, when the backup is whole before the check', () => {
    const byReport = (isByReport: boolean): EngineHistory => ({
      ...engine,
      monitoring: {
        first: null,
        changes: [{ at: at(2, 1), to: { sinceAt: at(2, 1), isByReport } }],
      },
      successes: [
        { scope: 'db', countedAt: at(2, 1), receivedAt: at(2, 1) },
        { scope: 'files', countedAt: at(2, 2), receivedAt: at(2, 2) },
        ...nightlyBut(0, 1, 2),
      ],
    });
    expect(countRaises(byReport(true), settings, span, CHECK_AT)).toBe(0);
    expect(countRaises(byReport(false), settings, span, CHECK_AT)).toBe(1);
  });
});
