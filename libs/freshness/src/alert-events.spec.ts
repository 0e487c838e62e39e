import { type ActiveAlert, NO_ALERT_YET } from './alert-state.js';
import { type Circumstances, decideEngine } from './decide-engine.js';
import { DAY_MS, HOUR_MS } from './duration.js';
import type { EngineFacts } from './engine-facts.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const fqdn = 'engine.example.com';

const neverBackedUp: EngineFacts = {
  fqdn,
  watchedSinceAt: NOW - 5 * DAY_MS,
  retired: false,
  lastDbSuccessAt: null,
  lastFilesSuccessAt: null,
  alertPeriodMs: DAY_MS,
  alertPeriodChangedAt: null,
};
const backedUpTwoDaysAgo: EngineFacts = {
  ...neverBackedUp,
  lastDbSuccessAt: NOW - 2 * DAY_MS,
  lastFilesSuccessAt: NOW - 2 * DAY_MS + HOUR_MS,
};
const inACheck: Circumstances = {
  now: NOW,
  featureEnabled: true,
  mayRaise: true,
  newAlertId: () => 'new-id',
};
const active: ActiveAlert = {
  alertId: 'old-id',
  alert: 'ENGINE_NO_FULL_BACKUP',
  sinceAt: NOW - 5 * DAY_MS,
  decidedAt: NOW - HOUR_MS,
  lastFullBackupAt: null,
  alertPeriodMs: 3 * DAY_MS,
  sequence: 40,
};

const sinceOfRaise = (facts: Partial<EngineFacts>, now = NOW): number | undefined =>
  decideEngine(NO_ALERT_YET, { ...backedUpTwoDaysAgo, ...facts }, { ...inACheck, now }).state.active
    ?.sinceAt;

describe('the events of a decision', () => {
  it('describe a first raise completely, with the number 1', () => {
    const { events, state } = decideEngine(NO_ALERT_YET, backedUpTwoDaysAgo, inACheck);
    const raise = {
      alertId: 'new-id',
      alert: 'ENGINE_NO_WARM_BACKUP',
      sinceAt: NOW - DAY_MS,
      decidedAt: NOW,
      lastFullBackupAt: NOW - 2 * DAY_MS,
      alertPeriodMs: DAY_MS,
      sequence: 1,
    };
    expect(events).toEqual([
      { type: 'BackupAlertRaised', fqdn, ...raise, message: expect.stringContaining('too old') },
    ]);
    expect(state).toEqual({ active: raise, lastSequence: 1 });
  });

  it('name the alert that a clearing ends, with the next number', () => {
    const state = { active, lastSequence: 41 };
    const facts = { ...neverBackedUp, lastDbSuccessAt: NOW, lastFilesSuccessAt: NOW };
    const decision = decideEngine(state, facts, inACheck);
    expect(decision.events).toEqual([
      {
        type: 'BackupAlertCleared',
        fqdn,
        alertId: 'old-id',
        alert: 'ENGINE_NO_FULL_BACKUP',
        sequence: 42,
        raisedAt: NOW - HOUR_MS,
        clearedAt: NOW,
        reason: 'full_backup',
      },
    ]);
    expect(decision.state).toEqual({ active: null, lastSequence: 42 });
  });

  it('clear the old alert before they raise the new one, with consecutive numbers', () => {
    const { events, state } = decideEngine({ active, lastSequence: 40 }, backedUpTwoDaysAgo, {
      ...inACheck,
      mayRaise: false,
    });
    expect(events).toMatchObject([
      { alertId: 'old-id', alert: 'ENGINE_NO_FULL_BACKUP', sequence: 41, reason: 'superseded' },
      { alertId: 'new-id', alert: 'ENGINE_NO_WARM_BACKUP', sequence: 42, decidedAt: NOW },
    ]);
    expect(state).toMatchObject({ active: { alertId: 'new-id', sequence: 42 }, lastSequence: 42 });
  });

  it('take a new id only for a raise', () => {
    const newAlertId = (): string => {
      throw new Error('no id is needed');
    };
    const state = { active, lastSequence: 40 };
    for (const facts of [neverBackedUp, { ...neverBackedUp, retired: true }]) {
      decideEngine(state, facts, { ...inACheck, newAlertId });
    }
    expect(() => decideEngine(state, backedUpTwoDaysAgo, { ...inACheck, newAlertId })).toThrow();
  });
});

describe('an alert became true', () => {
  it('when monitoring of the engine began, if there is no full backup', () => {
    expect(sinceOfRaise({ lastDbSuccessAt: null })).toBe(NOW - 5 * DAY_MS);
  });
  it('when the last full backup exceeded its period, not when that was noticed', () => {
    expect(sinceOfRaise({})).toBe(NOW - DAY_MS);
  });
  it('at that time too if the period was changed before', () => {
    expect(sinceOfRaise({ alertPeriodChangedAt: NOW - DAY_MS - 1 })).toBe(NOW - DAY_MS);
  });
  it('when a change of the period made it true', () => {
    expect(sinceOfRaise({ alertPeriodChangedAt: NOW - HOUR_MS })).toBe(NOW - HOUR_MS);
  });
  it('never later than the decision, even if a clock was set back', () => {
    expect(sinceOfRaise({ alertPeriodChangedAt: NOW + HOUR_MS })).toBe(NOW);
    expect(sinceOfRaise({ lastDbSuccessAt: null, watchedSinceAt: NOW + HOUR_MS })).toBe(NOW);
  });
});

describe('unreadable input is refused, and never means fresh', () => {
  const wrong: [name: string, facts: object][] = [
    ['watchedSinceAt', { watchedSinceAt: Number.NaN }],
    ['lastDbSuccessAt', { lastDbSuccessAt: Number.NaN }],
    ['lastFilesSuccessAt', { lastFilesSuccessAt: undefined }],
    ['lastDbSuccessAt', { lastDbSuccessAt: NOW + 0.123 }],
    ['lastDbSuccessAt', { lastDbSuccessAt: String(NOW) }],
    ['lastFilesSuccessAt', { lastFilesSuccessAt: Number.POSITIVE_INFINITY }],
    ['alertPeriodMs', { alertPeriodMs: Number.NaN }],
    ['alertPeriodMs', { alertPeriodMs: -1 }],
    ['alertPeriodChangedAt', { alertPeriodChangedAt: Number.NaN }],
  ];
  it.each(wrong)('%s as in %p', (name, facts) => {
    const read = { ...backedUpTwoDaysAgo, ...facts };
    expect(() => decideEngine(NO_ALERT_YET, read, inACheck)).toThrow(
      expect.objectContaining({ name: 'RangeError', message: expect.stringContaining(name) }),
    );
  });
  it('now, even with the feature off', () => {
    const circumstances = { ...inACheck, now: Number.NaN, featureEnabled: false };
    expect(() => decideEngine(NO_ALERT_YET, neverBackedUp, circumstances)).toThrow('now');
  });
  it('a last sequence that is text, which would get a digit appended', () => {
    const state = { active: null, lastSequence: '7' as unknown as number };
    expect(() => decideEngine(state, neverBackedUp, inACheck)).toThrow('lastSequence');
  });
  it('a last sequence below 0', () => {
    const state = { active: null, lastSequence: -1 };
    expect(() => decideEngine(state, neverBackedUp, inACheck)).toThrow('lastSequence');
  });
  it('the instant of a raise', () => {
    const unreadable = { ...active, lastFullBackupAt: NOW, decidedAt: Number.NaN };
    const facts = { ...neverBackedUp, lastDbSuccessAt: NOW, lastFilesSuccessAt: NOW };
    expect(() => decideEngine({ active: unreadable, lastSequence: 40 }, facts, inACheck)).toThrow(
      'decidedAt',
    );
  });
});
