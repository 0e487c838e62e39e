import type {
  AlertEvent,
  AlertPeriod,
  Decided,
  Decision,
  EngineToDecide,
  RunToDecide,
  ScopeOfRun,
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
const withRuns = (tamper: (run: RunToDecide) => Partial<RunToDecide>): Partial<Rules> => ({
  decideEach: (engines, circumstances) =>
    decideEach(
      engines.map((engine) => ({
        ...engine,
        runs: engine.runs.map((run) => ({ ...run, ...tamper(run) })),
      })),
      circumstances,
    ),
});
const withScopes = (tamper: (scope: ScopeOfRun) => Partial<ScopeOfRun>): Partial<Rules> =>
  withRuns(({ scopes }) => ({ scopes: scopes.map((one) => ({ ...one, ...tamper(one) })) }));
const withDecisions = (
  tamper: (decided: Decided<EngineToDecide>) => Partial<Decision>,
): Partial<Rules> => ({
  decideEach: (engines, circumstances) => {
    const { decided, undecidable } = decideEach(engines, circumstances);
    const tampered = decided.map((one) => {
      const decision = { ...one.decision, ...tamper(one) };
      return { ...one, decision, state: { ...one.state, active: decision.state.active } };
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

const BROKEN_RUNS: [name: string, rules: Partial<Rules>][] = [
  [
    'considers a run ended when one of its scopes has ended',
    withRuns(({ scopes }) => ({
      scopes: scopes.some(({ hasEnded }) => hasEnded) ? [] : scopes,
    })),
  ],
  [
    'forgets the scopes of a run that have ended',
    withRuns(({ scopes }) => ({
      scopes: scopes.filter(({ hasEnded }) => !hasEnded),
    })),
  ],
  ['ignores later runs', withScopes(() => ({ otherSuccessAt: null }))],
  [
    'takes an earlier success for one of a later run',
    withScopes(({ otherSuccessAt }) => ({
      otherSuccessAt: otherSuccessAt === null ? null : Number.MAX_SAFE_INTEGER % 8.64e15,
    })),
  ],
  [
    'takes the latest start of its scopes as the start of a run',
    withRuns(({ scopes }) => {
      const startedAt = Math.max(...scopes.map((one) => one.startedAt));
      return { scopes: scopes.map((one) => ({ ...one, startedAt })) };
    }),
  ],
  [
    'raises nothing about runs',
    withRuns(({ active, scopes }) => ({
      scopes: active === null ? [] : scopes,
    })),
  ],
  ['forgets the alert about a run', withRuns(() => ({ active: null }))],
  [
    'ignores the limit for runs in the settings',
    {
      decideEach: (engines, circumstances) =>
        decideEach(engines, {
          ...circumstances,
          stuckAfterMs: circumstances.stuckAfterMs === null ? null : 12 * 3_600_000,
        }),
    },
  ],
  [
    'makes no new decisions when that limit has changed',
    { planTick: (situation) => planTick({ ...situation, stuckAfterMs: null }) },
  ],
];

describe('the simulation finds a decision that', () => {
  it.each([...BROKEN, ...BROKEN_RUNS])('%s', (_, broken) => {
    const difference = simulate({ seed: 1, histories: 2_000 }, { ...THE_RULES, ...broken });
    expect(difference).toContain('the naive model');
  });
});
