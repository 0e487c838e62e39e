import {
  coverageOf,
  forecastTurn,
  judgeFreshness,
  nextTurnAt,
  situationAt,
} from '@backup-awareness/freshness';
import fc from 'fast-check';
import { randomInt } from 'node:crypto';
import { anyLife, type Life } from './coverage-model/any-life.js';
import { simulateCoverage, type CoverageRule } from './coverage-model/coverage-difference.js';

const HISTORIES = 300;
const seed = randomInt(2 ** 30);

describe('coverage', () => {
  it(`is in ${HISTORIES} lives what the naive model finds minute by minute (seed ${seed})`, () => {
    expect(simulateCoverage({ seed, histories: HISTORIES })).toBeUndefined();
  });

  const withLife =
    (tamper: (life: Omit<Life, 'span'>) => Partial<Omit<Life, 'span'>>): CoverageRule =>
    (engine, settings, span) => {
      const life = { engine, settings, ...tamper({ engine, settings }) };
      return coverageOf(life.engine, life.settings, span);
    };

  it.each<[string, CoverageRule]>([
    [
      'lets a late report cover what was before its receipt',
      withLife(({ engine }) => ({
        engine: {
          ...engine,
          successes: engine.successes
            .map((one) => ({ ...one, receivedAt: Math.min(one.receivedAt, one.countedAt) }))
            .toSorted((a, b) => a.receivedAt - b.receivedAt),
        },
      })),
    ],
    [
      'goes by the general period where an engine has its own',
      withLife(({ engine }) => ({
        engine: { ...engine, ownPeriodDays: { first: null, changes: [] } },
      })),
    ],
    [
      'goes by the last period for all of the time',
      withLife(({ settings }) => {
        const { first, changes } = settings.alertPeriodDays;
        const last = { first: changes.at(-1)?.to ?? first, changes: [] };
        return { settings: { ...settings, alertPeriodDays: last } };
      }),
    ],
    [
      'counts time with the feature off',
      withLife(({ settings }) => ({
        settings: { ...settings, checkPeriodMs: { first: 1, changes: [] } },
      })),
    ],
    [
      'ends a covered span a millisecond early',
      (engine, settings, span) => {
        const coverage = coverageOf(engine, settings, span);
        const isCovered = (index: number) => coverage.spans[index]?.cover === 'covered';
        const spans = coverage.spans.map((one, index, all) => ({
          ...one,
          from: isCovered(index - 1) ? one.from - 1 : one.from,
          until: isCovered(index) && index + 1 < all.length ? one.until - 1 : one.until,
        }));
        const longestGapMs = spans
          .filter(({ cover }) => cover === 'uncovered')
          .reduce((longest, { from, until }) => Math.max(longest, until - from), 0);
        return { ...coverage, spans, longestGapMs };
      },
    ],
  ])('is found wrong where it %s', (_, broken) => {
    expect(simulateCoverage({ seed: 1, histories: 500 }, broken)).toContain('naive model');
  });
});

describe('a forecast', () => {
  it('names the instant after which the engine is too old, and a check that finds it so', () => {
    const checks = { nextCheckAt: Date.UTC(2026, 2, 31), periodMs: 6 * 3_600_000 };
    fc.assert(
      fc.property(anyLife, ({ engine, settings, span }) => {
        const { facts } = situationAt(engine, settings, span.from);
        const turn = forecastTurn(facts, span, checks);
        const verdictAt = (at: number) => judgeFreshness(facts, at).verdict;
        const isTooOldLater =
          !facts.retired &&
          verdictAt(span.from) !== 'too_old' &&
          verdictAt(span.until) === 'too_old';
        expect(turn !== undefined).toBe(isTooOldLater);
        if (!turn) return;
        expect(verdictAt(turn.turnsAt)).not.toBe('too_old');
        expect(verdictAt(turn.turnsAt + 1)).toBe('too_old');
        expect(verdictAt(turn.checkAt!)).toBe('too_old');
        const checkBefore = turn.checkAt! - checks.periodMs;
        expect(turn.checkAt === checks.nextCheckAt || checkBefore <= turn.turnsAt).toBe(true);
        expect((turn.checkAt! - checks.nextCheckAt) % checks.periodMs).toBe(0);
      }),
    );
  });

  it('finds every turn: in between the verdict stays', () => {
    fc.assert(
      fc.property(anyLife, fc.double({ min: 0, max: 1, noNaN: true }), (life, share) => {
        const { engine, settings, span } = life;
        const { facts } = situationAt(engine, settings, span.from);
        const turn = nextTurnAt(facts, span.from);
        const verdictAt = (at: number) => judgeFreshness(facts, at).verdict;
        const end = turn ?? span.until;
        const between = span.from + Math.floor((end - 1 - span.from) * share);
        expect(verdictAt(between)).toBe(verdictAt(span.from));
        if (turn !== null) expect(verdictAt(turn)).not.toBe(verdictAt(span.from));
      }),
    );
  });
});
