import { ordered, type EngineMonth } from './order.js';

const engine = (fqdn: string, percent: number | null, hours: number | null, isKnown = true) =>
  ({
    fqdn,
    covered_percent: percent,
    longest_gap_hours: hours,
    covered_seconds: isKnown ? 1 : null,
    can_tell_since: isKnown ? null : '2026-11-20T00:00:00.000Z',
  }) as EngineMonth;

const ENGINES = [
  engine('c', 100, 0),
  engine('b', 50, 12),
  engine('a', 100, 0),
  engine('never monitored', null, null),
  engine('not known', null, null, false),
];
const names = (engines: EngineMonth[]) => engines.map(({ fqdn }) => fqdn);

test('the least covered comes first, then by name; what does not count comes last', () => {
  expect(names(ordered(ENGINES, 'covered', 'asc'))).toEqual([
    'not known',
    'b',
    'a',
    'c',
    'never monitored',
  ]);
});

test('by the longest gap, and by name in both directions', () => {
  expect(names(ordered(ENGINES, 'gap', 'desc'))[0]).toBe('b');
  expect(names(ordered(ENGINES, 'fqdn', 'asc')).slice(0, 3)).toEqual(['a', 'b', 'c']);
  expect(names(ordered(ENGINES, 'fqdn', 'desc')).slice(-3)).toEqual(['c', 'b', 'a']);
});
