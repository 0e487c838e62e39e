import { exampleItem, exampleOverview } from '../../spec/example-overview.js';
import { headlineWords } from './headline-words.js';

const counts = (fields: Partial<ReturnType<typeof exampleOverview>['counts']>) => ({
  ...exampleOverview().counts,
  ...fields,
});
const late = (name: string) => exampleItem(name, { verdict: 'too_old' });

test('given only fresh engines, all are safe', () => {
  const overview = exampleOverview({ counts: counts({ watched: 12, fresh: 12 }) });
  expect(headlineWords(overview, false)).toMatchObject({
    kind: 'safe',
    sentence: 'All 12 engines are safe.',
  });
});

test('given one engine, it is named', () => {
  const overview = exampleOverview({ counts: counts({ watched: 1, fresh: 1 }) });
  expect(headlineWords(overview, false).sentence).toBe('a.example.com is safe.');
});

test.each([
  ['no_full_backup', 'It has no full backup.'],
  ['too_old', 'Its last full backup is too old.'],
] as const)('given one engine that is at risk (%s), it is told of as one', (verdict, detail) => {
  const overview = exampleOverview({
    counts: counts({ watched: 1, fresh: 0, [verdict]: 1 }),
    worst: [exampleItem('a', { verdict })],
  });
  expect(headlineWords(overview, false)).toMatchObject({
    sentence: 'a.example.com is at risk.',
    details: [detail],
  });
});

test('engines at risk are counted, and the three worst are named', () => {
  const overview = exampleOverview({
    counts: counts({ watched: 12, fresh: 4, too_old: 8 }),
    worst: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map(late),
  });
  expect(headlineWords(overview, false)).toEqual({
    kind: 'risk',
    sentence: '8 of 12 engines are at risk',
    names: ['a.example.com', 'b.example.com', 'c.example.com'],
    more: 5,
    details: ['8 too old.'],
  });
});

test('one engine at risk is told of as one, without more', () => {
  const overview = exampleOverview({
    counts: counts({ watched: 12, fresh: 11, no_full_backup: 1 }),
    worst: [exampleItem('z', { verdict: 'no_full_backup' }), exampleItem('a')],
  });
  expect(headlineWords(overview, false)).toMatchObject({
    sentence: '1 of 12 engines is at risk',
    names: ['z.example.com'],
    more: 0,
    details: ['1 without a full backup.'],
  });
});

test('a backup that does not end is said also where all are safe', () => {
  const overview = exampleOverview({ counts: counts({ stuck: 1 }) });
  expect(headlineWords(overview, false).details).toEqual(['One backup does not end.']);
});

describe('we do not know', () => {
  const unknown = { kind: 'unknown', sentence: 'We do not know.', names: [], more: 0 };

  test('before the first answer', () => {
    expect(headlineWords(undefined, false)).toMatchObject(unknown);
  });

  test('in doubt, and not even how many are at risk', () => {
    const overview = exampleOverview({ counts: counts({ fresh: 1, too_old: 2 }) });
    expect(headlineWords(overview, true)).toEqual({ ...unknown, details: [] });
  });

  test('while the product says so', () => {
    const reasons = [{ kind: 'never_checked', parameters: {}, instants: {} }];
    const overview = exampleOverview({ trust: { known: false, reasons } });
    expect(headlineWords(overview, false)).toEqual({ ...unknown, details: [] });
  });

  test('while an engine cannot be judged; what is known of the others is said', () => {
    const overview = exampleOverview({
      counts: counts({ fresh: 1, too_old: 1, unknown: 1 }),
      worst: [late('old'), exampleItem('u', { verdict: 'unknown' }), exampleItem('a')],
    });
    expect(headlineWords(overview, false)).toEqual({
      ...unknown,
      details: [
        '1 engine cannot be judged: whether its backup is fresh is unknown.',
        'At least 1 engine is at risk: old.example.com.',
      ],
    });
  });
});

test('without an engine there is nothing to tell', () => {
  expect(headlineWords(exampleOverview({ counts: counts({ watched: 0 }) }), false)).toMatchObject({
    kind: 'none',
    sentence: 'No engine is monitored yet.',
  });
});
