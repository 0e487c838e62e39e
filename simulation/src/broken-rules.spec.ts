import type {
  AlertEvent,
  AlertPeriod,
  Decided,
  Decision,
  EngineToDecide,
  TickPlan,
} from '@backup-awareness/freshness';
import { THE_RULES, type Rules } from './rules.js';
import { simulate } from './simulate.js';

type Tampered = Partial<EngineToDecide['facts']>;
const { decidingTime, planTick, alertPeriodOf, decideEach } = THE_RULES;

const withFacts = (tamper: (facts: EngineToDecide['facts']) => Tampered): Partial<Rules> => ({
  decideEach: (engines, circumstances) =>
    decideEach(
      engines.map((engine) => ({ ...engine, facts: { ...engine.facts, ...tamper(engine.facts) } })),
      circumstances,
    ),
});
const withDecisions = (
  tamper: (decided: Decided<EngineToDecide>) => Partial<Decision>,
): Partial<Rules> => ({
  decideEach: (engines, circumstances) => {
    const { decided, undecidable } = decideEach(engines, circumstances);
    const tampered = decided.map((one) => {
      return { ...one, decision: { ...one.decision, ...tamper(one) } };
    });
    return { decided: tampered, undecidable };
  },
});
const withPlan = (tamper: (plan: TickPlan) => Partial<TickPlan>): Partial<Rules> => ({
  planTick: (situation) => {
    const plan = planTick(situation);
    return { ...plan, ...tamper(plan) };
  },
});

const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? a : Math.max(a, b);

/** Uses the last period of its own that any engine had. */
function anybodysPeriod(): Partial<Rules> {
  let lastOwn: AlertPeriod | undefined;
  return {
    alertPeriodOf: (own, general) => {
      const period = alertPeriodOf(own, general);
      if (own.days !== null) lastOwn = period;
      return lastOwn ?? period;
    },
  };
}

const BROKEN: [name: string, rules: Partial<Rules>][] = [
  [
    'uses the later of db and files as the last full backup',
    withFacts(({ lastDbSuccessAt, lastFilesSuccessAt }) => {
      const at = later(lastDbSuccessAt, lastFilesSuccessAt);
      return { lastDbSuccessAt: at, lastFilesSuccessAt: at };
    }),
  ],
  ['ignores that an engine is retired', withFacts(() => ({ retired: false }))],
  ['applies the period of one engine to another', anybodysPeriod()],
  [
    "forgets when an engine's own period was removed",
    {
      alertPeriodOf: (own, general) =>
        alertPeriodOf(own.days === null ? { ...own, changedAt: null } : own, general),
    },
  ],
  [
    'uses the clock however far behind it is',
    { decidingTime: (clockAt) => decidingTime(clockAt, null) },
  ],
  [
    'uses the latest instant however far behind the clock is',
    {
      decidingTime: (clockAt, latestAt) => ({
        isKnown: true,
        now: Math.max(clockAt, latestAt ?? clockAt),
      }),
    },
  ],
  [
    'lets time run backwards within the tolerated minute',
    {
      decidingTime: (clockAt, latestAt) => {
        const time = decidingTime(clockAt, latestAt);
        return time.isKnown ? { ...time, now: clockAt } : time;
      },
    },
  ],
  [
    'tolerates no clock that is behind at all',
    {
      decidingTime: (clockAt, latestAt) =>
        latestAt !== null && clockAt < latestAt
          ? { isKnown: false, reason: 'clock_behind', clockAt, latestAt }
          : decidingTime(clockAt, latestAt),
    },
  ],
  [
    'counts a success in the future as of now',
    {
      decideEach: (engines, circumstances) =>
        decideEach(
          engines.map((engine) => {
            const { lastDbSuccessAt: db, lastFilesSuccessAt: files } = engine.facts;
            const known = (at: number | null) => at && Math.min(at, circumstances.now);
            const facts = { lastDbSuccessAt: known(db), lastFilesSuccessAt: known(files) };
            return { ...engine, facts: { ...engine.facts, ...facts } };
          }),
          circumstances,
        ),
    },
  ],
  ['raises between checks', withPlan(() => ({ which: 'all' }))],
  [
    'does not decide again when a setting has changed',
    withPlan(({ checkReason, which }) => ({ which: checkReason === null ? 'pending' : which })),
  ],
  [
    'makes a new leader wait for the next check',
    { planTick: (situation) => planTick({ ...situation, becameLeader: false }) },
  ],
  [
    'checks while ingest has a backlog',
    { planTick: (situation) => planTick({ ...situation, mayCheck: true }) },
  ],
  [
    'skips a number when one alert replaces the other',
    withDecisions(({ decision: { outcome, events } }) => {
      if (outcome !== 'superseded') return {};
      const [cleared, raised] = events as [AlertEvent, AlertEvent];
      return { events: [cleared, { ...raised, sequence: raised.sequence + 1 }] };
    }),
  ],
  [
    'forgets the alert that it has raised',
    withDecisions(({ engine, decision }) =>
      decision.outcome === 'raised' ? { state: engine.state } : {},
    ),
  ],
  [
    'gives an unchanged alert a new id',
    withDecisions(({ decision: { outcome, state } }) =>
      outcome === 'unchanged' && state.active
        ? { state: { ...state, active: { ...state.active, alertId: 'another' } } }
        : {},
    ),
  ],
];

describe('the simulation finds a decision that', () => {
  it.each(BROKEN)('%s', (_, broken) => {
    const difference = simulate({ seed: 1, histories: 2_000 }, { ...THE_RULES, ...broken });
    expect(difference).toContain('the naive model');
  });
});
