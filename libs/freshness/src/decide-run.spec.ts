import { decideRun, type RunCircumstances, type RunDecision } from './decide-run.js';
import { DAY_MS, HOUR_MS } from './duration.js';
import type { EngineFacts } from './engine-facts.js';
import type { RunToDecide, ScopeOfRun } from './run.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const LIMIT_MS = 12 * HOUR_MS;
const START = NOW - LIMIT_MS - 1;

const engine: EngineFacts = {
  fqdn: 'engine.example.com',
  watchedSinceAt: NOW - 5 * DAY_MS,
  retired: false,
  lastDbSuccessAt: NOW - HOUR_MS,
  lastFilesSuccessAt: NOW - 2 * HOUR_MS,
  alertPeriodMs: DAY_MS,
  alertPeriodChangedAt: null,
};
const inACheck: RunCircumstances = {
  now: NOW,
  featureEnabled: true,
  stuckAfterMs: LIMIT_MS,
  mayRaise: true,
  newAlertId: () => 'new-id',
  nextSequence: () => 7,
};
const between = { mayRaise: false };
const active = { alertId: 'old-id', decidedAt: NOW - HOUR_MS };

/** A scope that started just too long ago and has no end. */
const scope = (name: string, fields: Partial<ScopeOfRun> = {}): ScopeOfRun => ({
  scope: name,
  startedAt: START,
  hasEnded: false,
  otherSuccessAt: null,
  ...fields,
});
const ended = { hasEnded: true };
const completedLater = { otherSuccessAt: START + 1 };
const run = (...scopes: ScopeOfRun[]): RunToDecide => ({ runId: 'run-1', scopes, active: null });
const hanging = run(scope('db'), scope('files'));

interface Case {
  phrase: string;
  run?: RunToDecide;
  facts?: Partial<EngineFacts>;
  when?: Partial<RunCircumstances>;
  /** Without an alert, and with one. */
  expected: [without: RunDecision['reason'], withAlert: RunDecision['reason']];
}

const cases: Case[] = [
  {
    phrase: 'is stuck once it has been open a millisecond too long',
    expected: ['backup_stuck', 'still_stuck'],
  },
  {
    phrase: 'is not stuck when it has been open exactly as long as it may be',
    run: run(scope('db', { startedAt: START + 1 })),
    expected: ['running', 'period_extended'],
  },
  {
    phrase: 'is stuck since its first scope started, though another started just now',
    run: run(scope('db', ended), scope('files', { startedAt: NOW })),
    expected: ['backup_stuck', 'still_stuck'],
  },
  {
    phrase: 'is open while one of its scopes has no end',
    run: run(scope('db', ended), scope('files')),
    expected: ['backup_stuck', 'still_stuck'],
  },
  {
    phrase: 'has ended when each of its scopes has',
    run: run(scope('db', ended), scope('files', ended)),
    expected: ['ended', 'run_ended'],
  },
  {
    phrase: 'has ended when all its reports are gone',
    run: run(),
    expected: ['ended', 'run_ended'],
  },
  {
    phrase: 'is superseded when other runs have completed every scope since it started',
    run: run(scope('db', completedLater), scope('files', completedLater)),
    expected: ['superseded', 'later_run'],
  },
  {
    phrase: 'is not superseded when other runs have completed only some of its scopes',
    run: run(scope('db', completedLater), scope('files')),
    expected: ['backup_stuck', 'still_stuck'],
  },
  {
    phrase: 'is not superseded when no other run has completed a scope that it completed itself',
    run: run(scope('db', ended), scope('files', completedLater)),
    expected: ['backup_stuck', 'still_stuck'],
  },
  {
    phrase: 'is not superseded by a success at the instant when it started, or earlier',
    run: run(scope('db', { otherSuccessAt: START }), scope('files', completedLater)),
    expected: ['backup_stuck', 'still_stuck'],
  },
  {
    phrase: 'that has ended and is superseded has ended',
    run: run(scope('db', { ...ended, ...completedLater })),
    expected: ['ended', 'run_ended'],
  },
  {
    phrase: 'that started in the future, because a clock was ahead, is not stuck',
    run: run(scope('db', { startedAt: NOW + HOUR_MS })),
    expected: ['running', 'period_extended'],
  },
  {
    phrase: 'may be open longer once the setting allows it',
    when: { stuckAfterMs: LIMIT_MS + 1 },
    expected: ['running', 'period_extended'],
  },
  {
    phrase: 'has no alert while the setting disables it',
    when: { stuckAfterMs: null },
    expected: ['feature_off', 'disabled'],
  },
  {
    phrase: 'has no alert while the feature is off, whether its engine is retired or not',
    facts: { retired: true },
    when: { featureEnabled: false },
    expected: ['feature_off', 'disabled'],
  },
  {
    phrase: 'has no alert when its engine is retired, ended or not',
    run: run(scope('db', ended)),
    facts: { retired: true },
    expected: ['not_watched', 'engine_retired'],
  },
  {
    phrase: 'gets its alert only in a check',
    when: between,
    expected: ['raise_waits_for_check', 'still_stuck'],
  },
  {
    phrase: 'loses its alert between checks, too, when it has ended',
    run: run(scope('db', ended)),
    when: between,
    expected: ['ended', 'run_ended'],
  },
  {
    phrase: 'loses its alert between checks, too, when it is superseded',
    run: run(scope('db', completedLater)),
    when: between,
    expected: ['superseded', 'later_run'],
  },
  {
    phrase: 'is stuck whether its engine has a full backup or not',
    facts: { lastDbSuccessAt: null, lastFilesSuccessAt: null },
    expected: ['backup_stuck', 'still_stuck'],
  },
];

const OUTCOMES: Readonly<Record<string, RunDecision['outcome']>> = {
  backup_stuck: 'raised',
  run_ended: 'cleared',
  later_run: 'cleared',
  period_extended: 'cleared',
  disabled: 'cleared',
  engine_retired: 'cleared',
};

describe('a run', () => {
  it.each(cases)('$phrase', ({ run: given = hanging, facts, when, expected }) => {
    const [without, withAlert] = [null, active].map((alert) =>
      decideRun({ ...given, active: alert }, { ...engine, ...facts }, { ...inACheck, ...when }),
    );
    expect([without!.reason, withAlert!.reason]).toEqual(expected);
    for (const { outcome, reason, event } of [without!, withAlert!]) {
      expect(outcome).toBe(OUTCOMES[reason] ?? 'unchanged');
      expect(event === null).toBe(outcome === 'unchanged');
    }
    expect(without!.active).toEqual(
      without!.outcome === 'raised' ? { alertId: 'new-id', decidedAt: NOW } : null,
    );
    expect(withAlert!.active).toEqual(withAlert!.outcome === 'cleared' ? null : active);
  });

  it('is named in its alert, with its open scopes, since when, and what to do', () => {
    const given = run(scope('dwhdb', ended), scope('files', { startedAt: NOW }), scope('db'));
    expect(decideRun(given, engine, inACheck).event).toEqual({
      type: 'BackupAlertRaised',
      fqdn: 'engine.example.com',
      alertId: 'new-id',
      alert: 'ENGINE_BACKUP_STUCK',
      runId: 'run-1',
      scopes: ['db', 'files'],
      sinceAt: START,
      decidedAt: NOW,
      lastFullBackupAt: NOW - 2 * HOUR_MS,
      alertPeriodMs: DAY_MS,
      sequence: 7,
      message:
        'A backup of engine.example.com (run run-1) has not ended: db, files. It started at 2026-11-22 23:59:59 UTC, ' +
        '12 h ago; the maximum duration is 12 hours. Check on its host whether it still runs: pgrep -fa engine-backup. ' +
        'If it does not, run there: engine-backup --mode=backup --scope=all ' +
        '--file=/var/lib/ovirt-engine-backup/engine-20261123120000.backup ' +
        '--log=/var/log/ovirt-engine-backup/engine-20261123120000.log',
    });
  });

  it.each(['lastDbSuccessAt', 'lastFilesSuccessAt'] as const)(
    'without a name, of an engine without a full backup (%s is missing), is raised with what is known',
    (missing) => {
      const unnamed = { ...hanging, runId: null };
      const { event } = decideRun(unnamed, { ...engine, [missing]: null }, inACheck);
      expect(event).toMatchObject({ runId: null, lastFullBackupAt: null });
      expect(event).toMatchObject({
        message: expect.stringMatching(
          /^A backup of engine\.example\.com has not ended: db, files\./,
        ),
      });
    },
  );

  it('has a clearing with the alert and the reason', () => {
    expect(decideRun({ ...run(), active }, engine, inACheck).event).toEqual({
      type: 'BackupAlertCleared',
      fqdn: 'engine.example.com',
      alertId: 'old-id',
      alert: 'ENGINE_BACKUP_STUCK',
      sequence: 7,
      raisedAt: NOW - HOUR_MS,
      clearedAt: NOW,
      reason: 'run_ended',
    });
  });

  it.each<[string, RunToDecide, Partial<RunCircumstances>]>([
    ['now', hanging, { now: Number.NaN, featureEnabled: false }],
    ['stuckAfterMs', hanging, { stuckAfterMs: -1 }],
    ['stuckAfterMs', hanging, { stuckAfterMs: Number.NaN }],
    ['startedAt', run(scope('db', { startedAt: Number.NaN })), {}],
    ['startedAt', run(scope('db', { startedAt: 0.5, hasEnded: true })), {}],
    ['otherSuccessAt', run(scope('db', { otherSuccessAt: Number.NaN })), {}],
    ['decidedAt', { ...run(), active: { alertId: 'a', decidedAt: Number.NaN } }, {}],
  ])('whose %s cannot be read is refused, and does not count as ended', (name, given, when) => {
    expect(() => decideRun(given, engine, { ...inACheck, ...when })).toThrow(
      expect.objectContaining({ name: 'RangeError', message: expect.stringContaining(name) }),
    );
  });
});
