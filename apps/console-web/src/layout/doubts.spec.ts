import { doubtsOf, KNOWN_FOR_MS, type Knowledge } from './doubts.js';
import { exampleOverview, NOW } from '../spec/example-overview.js';

const knowledge = (fields: Partial<Knowledge> = {}): Knowledge => ({
  overview: exampleOverview(),
  error: null,
  connection: 'connected',
  now: NOW,
  ...fields,
});
const kinds = (fields: Partial<Knowledge>) => doubtsOf(knowledge(fields)).map(({ kind }) => kind);

test('given a recent answer that is to be trusted, nothing is in doubt', () => {
  expect(kinds({})).toEqual([]);
  expect(kinds({ now: NOW + KNOWN_FOR_MS })).toEqual([]);
  expect(kinds({ connection: 'connecting' })).toEqual([]);
});

test('an answer older than a minute is in doubt', () => {
  expect(kinds({ now: NOW + KNOWN_FOR_MS + 1 })).toEqual(['outdated']);
});

test('without a connection, or if the console cannot answer, the answer of before is in doubt', () => {
  expect(kinds({ connection: 'lost' })).toEqual(['connection_lost']);
  expect(kinds({ error: new Error('no database') })).toEqual(['not_answered']);
});

test('reasons of the product are kept', () => {
  const reason = { kind: 'never_checked', parameters: {}, instants: {} };
  const overview = exampleOverview({ trust: { known: false, reasons: [reason] } });
  expect(doubtsOf(knowledge({ overview }))).toEqual([reason]);
});
