import { NO_ALERT_YET } from './alert-state.js';
import { decideEach, type EngineToDecide, type TickCircumstances } from './decide-each.js';
import { DAY_MS, HOUR_MS } from './duration.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const inACheck: TickCircumstances = {
  now: NOW,
  which: 'all',
  featureEnabled: true,
  stuckAfterMs: 12 * HOUR_MS,
  newAlertId: () => 'new-id',
};
const between: TickCircumstances = { ...inACheck, which: 'pending' };

/** One without a full backup. */
function engine(fqdn: string, facts: Partial<EngineToDecide['facts']> = {}): EngineToDecide {
  return {
    facts: {
      fqdn,
      watchedSinceAt: NOW - DAY_MS,
      retired: false,
      lastDbSuccessAt: null,
      lastFilesSuccessAt: null,
      alertPeriodMs: DAY_MS,
      alertPeriodChangedAt: null,
      ...facts,
    },
    state: NO_ALERT_YET,
    isChanged: false,
    runs: [],
  };
}
const changed = { ...engine('changed'), isChanged: true };

describe('the engines of a tick', () => {
  it('may each get an alert when all are decided, in the order given', () => {
    const { decided } = decideEach([engine('b'), changed, engine('a')], inACheck);
    expect(decided.map(({ engine, decision }) => [engine.facts.fqdn, decision.outcome])).toEqual([
      ['b', 'raised'],
      ['changed', 'raised'],
      ['a', 'raised'],
    ]);
  });

  it('get an alert between checks only when an administrator has changed them', () => {
    const { decided } = decideEach([engine('a'), changed], between);
    expect(decided.map(({ decision }) => decision.reason)).toEqual([
      'raise_waits_for_check',
      'no_full_backup',
    ]);
  });

  it('are decided by the circumstances of the tick', () => {
    const off = { ...inACheck, featureEnabled: false };
    expect(decideEach([engine('a')], off).decided[0]?.decision.reason).toBe('feature_off');

    const { decided } = decideEach([engine('a')], inACheck);
    const backedUp = { lastDbSuccessAt: NOW, lastFilesSuccessAt: NOW };
    const again = { ...engine('a', backedUp), state: decided[0]!.decision.state };
    expect(decideEach([again], between).decided[0]?.decision.reason).toBe('full_backup');
  });

  it('are decided even if the facts of one cannot be read, which is returned with the reason', () => {
    const unreadable = engine('unreadable', { alertPeriodMs: Number.NaN });
    const { decided, undecidable } = decideEach([unreadable, engine('a')], inACheck);
    expect(decided.map(({ engine }) => engine.facts.fqdn)).toEqual(['a']);
    expect(undecidable).toEqual([
      { engine: unreadable, error: expect.objectContaining({ name: 'RangeError' }) },
    ]);
    expect(undecidable[0]?.error.message).toContain('alertPeriodMs');
  });

  it('are not decided when anything else fails', () => {
    const newAlertId = (): string => {
      throw new TypeError('no entropy');
    };
    expect(() => decideEach([engine('a')], { ...inACheck, newAlertId })).toThrow('no entropy');
  });

  it('are decided with their runs, and the events of both have one sequence', () => {
    const startedAt = NOW - 13 * HOUR_MS;
    const open = { scope: 'db', startedAt, hasEnded: false, otherSuccessAt: null };
    const stuck = (runId: string) => ({ runId, scopes: [open], active: null });
    const withRuns = { ...engine('a'), runs: [stuck('first'), stuck('second')] };
    const { decided } = decideEach([withRuns], inACheck);
    const [{ decision, runs, state }] = decided as [(typeof decided)[0]];
    expect(decision.events).toMatchObject([{ alert: 'ENGINE_NO_FULL_BACKUP', sequence: 1 }]);
    expect(runs.map((one) => one.decision.event)).toMatchObject([
      { alert: 'ENGINE_BACKUP_STUCK', runId: 'first', sequence: 2 },
      { alert: 'ENGINE_BACKUP_STUCK', runId: 'second', sequence: 3 },
    ]);
    expect(state).toEqual({ active: decision.state.active, lastSequence: 3 });
  });

  it('raise nothing about runs between checks, except for engines that an administrator has changed', () => {
    const open = { scope: 'db', startedAt: 0, hasEnded: false, otherSuccessAt: null };
    const runs = [{ runId: 'r', scopes: [open], active: null }];
    const { decided } = decideEach(
      [
        { ...engine('a'), runs },
        { ...changed, runs },
      ],
      between,
    );
    expect(decided.map((one) => one.runs[0]!.decision.reason)).toEqual([
      'raise_waits_for_check',
      'backup_stuck',
    ]);
  });

  it('and whose runs are unreadable is reported as undecidable', () => {
    const open = { scope: 'db', startedAt: Number.NaN, hasEnded: false, otherSuccessAt: null };
    const unreadable = { ...engine('a'), runs: [{ runId: 'r', scopes: [open], active: null }] };
    const { decided, undecidable } = decideEach([unreadable], inACheck);
    expect(decided).toEqual([]);
    expect(undecidable).toMatchObject([{ engine: unreadable, error: { name: 'RangeError' } }]);
  });
});
