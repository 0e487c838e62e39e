import { judgeFreshness } from '@backup-awareness/freshness';
import { exampleEngine, exampleStuckAlert, HOUR_MS, NOW } from '../spec/example-view.js';
import type { EngineSituation } from '../state/engine-situations.js';
import { standingOf, STANDINGS, worstFirst } from './worst-first.js';

/** An engine with a full backup of this age, or without one, and a maximum age in hours. */
function engine(
  fqdn: string,
  ageHours: number | null,
  fields: Partial<EngineSituation> & { maximumHours?: number; monitoredHours?: number } = {},
): EngineSituation {
  const { maximumHours = 24, monitoredHours = 100, ...others } = fields;
  const successAt = ageHours === null ? null : NOW - ageHours * HOUR_MS;
  const facts = {
    fqdn,
    watchedSinceAt: NOW - monitoredHours * HOUR_MS,
    retired: false,
    lastDbSuccessAt: successAt,
    lastFilesSuccessAt: successAt,
    alertPeriodMs: maximumHours * HOUR_MS,
    alertPeriodChangedAt: null,
  };
  const freshness = judgeFreshness(facts, NOW);
  return exampleEngine({ fqdn, lastDbSuccessAt: successAt, facts, freshness, ...others });
}

const names = (engines: readonly EngineSituation[]) => engines.map(({ fqdn }) => fqdn);

test('engines are in the order in which they need somebody', () => {
  const inOrder = [
    engine('none-for-long', null, { monitoredHours: 90 }),
    engine('none-for-a-while', null, { monitoredHours: 2 }),
    engine('a-day-too-old', 48),
    engine('an-hour-too-old-of-a-week', 7 * 24 + 1, { maximumHours: 7 * 24 }),
    engine('in-the-future', -2),
    engine('unjudgeable', 1, { freshness: undefined, facts: undefined }),
    engine('stuck-for-long', 1, {
      activeAlerts: [exampleStuckAlert({ sinceAt: NOW - 30 * HOUR_MS })],
    }),
    engine('stuck', 20, { activeAlerts: [exampleStuckAlert()] }),
    engine('turns-in-an-hour', 23),
    engine('turns-in-two-hours', 166, { maximumHours: 168 }),
    engine('turns-tomorrow-a', 1),
    engine('turns-tomorrow-b', 1),
    engine('retired', null, { retiredAt: NOW }),
  ];
  expect(names(worstFirst(inOrder.toReversed()))).toEqual(names(inOrder));
  expect([...new Set(inOrder.map(standingOf))]).toEqual([...STANDINGS]);
});

test('an engine that is too old is not better for a run that does not end', () => {
  const stuck = { activeAlerts: [exampleStuckAlert()] };
  expect(standingOf(engine('old', 48, stuck))).toBe('too_old');
  expect(standingOf(engine('none', null, stuck))).toBe('no_full_backup');
});

test('while the time is unknown every monitored engine is unknown', () => {
  expect(standingOf(exampleEngine({ freshness: undefined }))).toBe('unknown');
  expect(standingOf(exampleEngine({ freshness: undefined, retiredAt: NOW }))).toBe('retired');
});
