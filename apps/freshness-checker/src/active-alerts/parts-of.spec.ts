import { activeAlertsPart } from '@backup-awareness/contracts';
import { partsOf } from './parts-of.js';
import type { ActiveAlert, EngineAlerts } from './read-active-alerts.js';

const alertOf = (fqdn: string, at: number): ActiveAlert => ({
  alertId: `019ab0c5-0d1b-7c4e-8a21-${String(at).padStart(12, '0')}`,
  alert: 'ENGINE_BACKUP_STUCK',
  fqdn,
  runId: 'run',
  scopes: ['db'],
  sinceAt: 0,
  decidedAt: 1,
  lastFullBackupAt: null,
  alertPeriodDays: 1,
  sequence: at + 1,
  message: '',
  traceparent: null,
});
/** Engines by how many alerts each has. */
const engines = (...counts: number[]): EngineAlerts[] =>
  counts.map((count, at) => {
    const fqdn = `engine-${at}`;
    return {
      fqdn,
      lastSequence: count,
      alerts: Array.from({ length: count }, (_, i) => alertOf(fqdn, i)),
    };
  });
const shape = (all: EngineAlerts[]) =>
  partsOf(all).map(({ alerts, sequence }) => [Object.keys(sequence).length, alerts.length]);

it('an answer without engines is one part, the last', () => {
  expect(partsOf([])).toEqual([{ alerts: [], sequence: {}, part: 1, last: true }]);
});

it.each<[string, number[], [number, number][]]>([
  ['500 engines with an alert are one part', Array(500).fill(1), [[500, 500]]],
  [
    'one more is another part',
    Array(501).fill(1),
    [
      [500, 500],
      [1, 1],
    ],
  ],
  [
    'engines without an alert count, too',
    Array(501).fill(0),
    [
      [500, 0],
      [1, 0],
    ],
  ],
  [
    'the alerts of one engine stay together',
    [499, 2, 1],
    [
      [1, 499],
      [2, 3],
    ],
  ],
  [
    'even if they are more than a part has',
    [700, 1],
    [
      [1, 700],
      [1, 1],
    ],
  ],
])('%s', (_, counts, parts) => {
  expect(shape(engines(...counts))).toEqual(parts);
});

it('parts are counted, only the last is marked, and each is as the schema says', () => {
  const parts = partsOf(engines(...Array(1_200).fill(1)));
  expect(parts.map(({ part, last }) => [part, last])).toEqual([
    [1, false],
    [2, false],
    [3, true],
  ]);
  for (const part of parts) expect(activeAlertsPart.parse(part)).toEqual(part);
});
