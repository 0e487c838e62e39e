import { HOUR_MS } from './duration.js';
import { planTick, type TickPlan, type TickSituation } from './plan-tick.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const started: TickSituation = {
  now: NOW - HOUR_MS,
  lastCheckAt: null,
  checkPeriodMs: 6 * HOUR_MS,
  general: { days: 1, changedAt: null },
  becameLeader: true,
  mayCheck: true,
  decidedBy: undefined,
};
/** Has led for an hour, and checked at its beginning. */
const leading: TickSituation = {
  ...started,
  now: NOW,
  lastCheckAt: NOW - HOUR_MS,
  becameLeader: false,
  decidedBy: planTick(started).decidedBy,
};
const featureOff = { checkPeriodMs: null };
const shorterPeriod = { general: { days: 0.5, changedAt: NOW - 1 } };

interface Case {
  phrase: string;
  when: Partial<TickSituation>;
  expected: Partial<TickPlan>;
}

const checks: Case[] = [
  {
    phrase: 'is not a check while none is due, and decides the pending engines',
    when: {},
    expected: { checkReason: null, which: 'pending', nextCheckAt: NOW + 5 * HOUR_MS },
  },
  {
    phrase: 'is a check of all engines when one is due, and the next is a period later',
    when: { lastCheckAt: NOW - 7 * HOUR_MS },
    expected: { checkReason: 'period_over', which: 'all', nextCheckAt: NOW + 6 * HOUR_MS },
  },
  {
    phrase: 'is a check for a new leader',
    when: { becameLeader: true, decidedBy: undefined },
    expected: { checkReason: 'became_leader', which: 'all', nextCheckAt: NOW + 6 * HOUR_MS },
  },
  {
    phrase: 'is not a check while it may not check, though one is due',
    when: { becameLeader: true, decidedBy: undefined, mayCheck: false },
    expected: { checkReason: null, which: 'pending', nextCheckAt: NOW },
  },
  {
    phrase: 'is not a check with the feature off, but decides all once because of that',
    when: featureOff,
    expected: { checkReason: null, which: 'all', nextCheckAt: null, featureEnabled: false },
  },
  {
    phrase: 'is a check if there was none yet, or none by the accepted clock',
    when: { lastCheckAt: null },
    expected: { checkReason: 'never_checked', which: 'all', featureEnabled: true },
  },
];

const changes: Case[] = [
  {
    phrase: 'decides all after a change of the alert period, without a check',
    when: shorterPeriod,
    expected: { checkReason: null, which: 'all' },
  },
  {
    phrase: 'decides all after a change of the check period, without a check',
    when: { checkPeriodMs: 5 * HOUR_MS },
    expected: { checkReason: null, which: 'all', nextCheckAt: NOW + 4 * HOUR_MS },
  },
  {
    phrase: 'decides all when the alert period was changed and changed back',
    when: { general: { days: 1, changedAt: NOW - 1 } },
    expected: { checkReason: null, which: 'all' },
  },
  {
    phrase: 'leaves a change for later while it may not decide all',
    when: { ...shorterPeriod, mayCheck: false },
    expected: { checkReason: null, which: 'pending', decidedBy: leading.decidedBy },
  },
];

describe('a tick', () => {
  it.each([...checks, ...changes])('$phrase', ({ when, expected }) => {
    expect(planTick({ ...leading, ...when })).toMatchObject(expected);
  });

  it.each([shorterPeriod, featureOff, { checkPeriodMs: HOUR_MS * 5 }])(
    'decides all because of %j only once',
    (change) => {
      const { which, decidedBy } = planTick({ ...leading, ...change });
      expect(which).toBe('all');
      expect(planTick({ ...leading, ...change, decidedBy })).toMatchObject({
        which: 'pending',
        decidedBy,
      });
    },
  );
});
