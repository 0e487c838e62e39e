import { judgeFreshness, type DecisionReason } from '@backup-awareness/freshness';
import type { Effect } from '@backup-awareness/overview/judgement';
import type { EngineSituation } from '@backup-awareness/overview/state';
import { decisionInWords, factsInWords } from './explanation-in-words.js';

const HOUR_MS = 3_600_000;
const NOW = Date.UTC(2026, 10, 23, 12);

const explanation = (kind: DecisionReason, effect: Effect) => ({
  kind,
  parameters: { outcome: 'unchanged', effect } as const,
  instants: { nextCheckAt: NOW },
});

function engine(lastDbSuccessAt: number | null, retiredAt: number | null = null): EngineSituation {
  const facts = {
    fqdn: 'engine.example.com',
    watchedSinceAt: NOW - 100 * HOUR_MS,
    retired: false,
    lastDbSuccessAt,
    lastFilesSuccessAt: lastDbSuccessAt,
    alertPeriodMs: 24 * HOUR_MS,
    alertPeriodChangedAt: null,
  };
  const freshness = judgeFreshness(facts, NOW);
  return {
    ...facts,
    facts,
    freshness,
    retiredAt,
    alertPeriodDays: 1,
  } as unknown as EngineSituation;
}

test.each<[DecisionReason, Effect, string]>([
  ['fresh', 'none', 'No alert: the last full backup is within its maximum age.'],
  ['too_old', 'next_check', 'and the check of 2026-11-23'],
  ['no_full_backup', 'next_check', 'raises it.'],
  ['no_full_backup', 'within_seconds', 'within seconds'],
  ['no_full_backup', 'when_checker_runs', 'as soon as a checker'],
  ['still_without_full_backup', 'none', 'The alert stays active'],
  ['full_backup', 'within_seconds', 'about to be cleared'],
  ['too_old', 'superseded', 'replaces the alert of the other kind'],
  ['success_in_future', 'none', 'clock accept discounts'],
  ['not_watched', 'none', 'is retired'],
  ['feature_off', 'none', 'the feature is disabled'],
])('%s, with the effect %s', (reason, effect, sentence) => {
  expect(decisionInWords(explanation(reason, effect))).toContain(sentence);
});

test('while the clock is behind', () => {
  const behind = {
    kind: 'clock_behind',
    parameters: { outcome: 'unchanged' },
    instants: { clockAt: NOW, latestAt: NOW + HOUR_MS },
  } as const;
  expect(decisionInWords(behind)).toMatch(/^No decisions are made: the database's clock \(2026-/);
  expect(factsInWords(behind, engine(null), NOW)).toBe(
    'The age of the last full backup is unknown.',
  );
});

test('the facts are one sentence', () => {
  const facts = (last: number | null) =>
    factsInWords(explanation('fresh', 'none'), engine(last), NOW);
  expect(facts(NOW - 25 * HOUR_MS)).toMatch(
    /^The last full backup is 1 d 1 h old; its maximum age is 1 day: too old since /,
  );
  expect(facts(null)).toMatch(
    /^There is no full backup: no completed backup of db or files has been reported; monitored for 4 d/,
  );
});

test('a retired engine is not said to be monitored', () => {
  const facts = factsInWords(explanation('not_watched', 'none'), engine(null, NOW - HOUR_MS), NOW);
  expect(facts).toMatch(/reported; retired since 2026-11-23 11:00:00/);
  expect(facts).not.toContain('monitored');
});
