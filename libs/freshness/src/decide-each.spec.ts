import { NO_ALERT_YET } from './alert-state.js';
import { decideEach, type EngineToDecide, type TickCircumstances } from './decide-each.js';
import { DAY_MS } from './duration.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const inACheck: TickCircumstances = {
  now: NOW,
  which: 'all',
  featureEnabled: true,
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
});
