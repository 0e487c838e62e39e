import type { ActiveAlert } from './alert-state.js';
import { type Circumstances, decideEngine } from './decide-engine.js';
import { DAY_MS, HOUR_MS } from './duration.js';
import type { EngineFacts } from './engine-facts.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const hoursAgo = (hours: number): number => NOW - hours * HOUR_MS;

const engine: EngineFacts = {
  fqdn: 'engine.example.com',
  watchedSinceAt: hoursAgo(1000),
  retired: false,
  lastDbSuccessAt: null,
  lastFilesSuccessAt: null,
  alertPeriodMs: DAY_MS,
  alertPeriodChangedAt: null,
};
const backedUpAt = (at: number): Partial<EngineFacts> => {
  return { lastDbSuccessAt: at, lastFilesSuccessAt: at };
};

const inACheck: Circumstances = {
  now: NOW,
  featureEnabled: true,
  mayRaise: true,
  mayClear: true,
  newAlertId: () => 'new-id',
};
const fastClearing = { mayRaise: false };
const clockBehindLastCheck = { mayClear: false };
const featureOff = { featureEnabled: false };

const noFull: ActiveAlert = {
  alertId: 'old-id',
  alert: 'ENGINE_NO_FULL_BACKUP',
  sinceAt: hoursAgo(1000),
  decidedAt: hoursAgo(100),
  lastFullBackupAt: null,
  alertPeriodMs: DAY_MS,
  sequence: 7,
};
/** Raised 10 hours ago about a backup of 40 hours ago, with one day allowed. */
const tooOld: ActiveAlert = {
  ...noFull,
  alert: 'ENGINE_NO_WARM_BACKUP',
  sinceAt: hoursAgo(16),
  decidedAt: hoursAgo(10),
  lastFullBackupAt: hoursAgo(40),
};

interface Case {
  phrase: string;
  given?: ActiveAlert;
  facts?: Partial<EngineFacts>;
  when?: Partial<Circumstances>;
  reason: string;
  events?: string[];
}

const raisedNoFull = 'raised ENGINE_NO_FULL_BACKUP';
const raisedTooOld = 'raised ENGINE_NO_WARM_BACKUP';
const cleared = (reason: string): string[] => [`cleared ${reason}`];

const withNoFullBackup: Case[] = [
  { phrase: 'is not raised twice', reason: 'still_without_full_backup' },
  {
    phrase: 'stays while only files were backed up',
    facts: { lastFilesSuccessAt: NOW },
    when: fastClearing,
    reason: 'still_without_full_backup',
  },
  {
    phrase: 'is cleared by db and files',
    facts: backedUpAt(NOW),
    when: fastClearing,
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
  {
    phrase:
      'becomes too old, in fast clearing too, when db and files arrive that are too old already',
    facts: backedUpAt(hoursAgo(48)),
    when: fastClearing,
    reason: 'too_old',
    events: ['cleared superseded', raisedTooOld],
  },
  {
    phrase: 'is cleared by none while the clock lies before the last check',
    facts: backedUpAt(NOW),
    when: clockBehindLastCheck,
    reason: 'clock_behind_last_check',
  },
  {
    phrase: 'becomes too old even while the clock lies before the last check',
    facts: backedUpAt(hoursAgo(48)),
    when: clockBehindLastCheck,
    reason: 'too_old',
    events: ['cleared superseded', raisedTooOld],
  },
  {
    phrase: 'is cleared by a full backup though the clock lies before the raise',
    given: { ...noFull, decidedAt: NOW + HOUR_MS },
    facts: backedUpAt(NOW),
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
  {
    phrase: 'is cleared by the engine being retired',
    facts: { retired: true },
    reason: 'engine_retired',
    events: cleared('engine_retired'),
  },
  {
    phrase: 'is cleared by the feature being switched off',
    when: featureOff,
    reason: 'disabled',
    events: cleared('disabled'),
  },
];

const withTooOldBackup: Case[] = [
  { phrase: 'is not raised twice', facts: backedUpAt(hoursAgo(40)), reason: 'still_too_old' },
  {
    phrase: 'stays when a newer backup is too old as well',
    facts: backedUpAt(hoursAgo(30)),
    reason: 'still_too_old',
  },
  {
    phrase: 'stays when only db is newer',
    facts: { lastDbSuccessAt: NOW, lastFilesSuccessAt: hoursAgo(40) },
    reason: 'still_too_old',
  },
  {
    phrase: 'is cleared by a fresh full backup',
    facts: backedUpAt(hoursAgo(1)),
    when: fastClearing,
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
  {
    phrase: 'is cleared by a longer period',
    facts: { ...backedUpAt(hoursAgo(40)), alertPeriodMs: 2 * DAY_MS },
    reason: 'period_extended',
    events: cleared('period_extended'),
  },
  {
    phrase: 'stays when the longer period is too short as well',
    facts: { ...backedUpAt(hoursAgo(40)), alertPeriodMs: 39 * HOUR_MS },
    reason: 'still_too_old',
  },
  {
    phrase: 'is cleared by the backup when a longer period comes with it',
    facts: { ...backedUpAt(hoursAgo(20)), alertPeriodMs: 2 * DAY_MS },
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
  {
    phrase: 'becomes no full backup when the history is lost',
    when: fastClearing,
    reason: 'no_full_backup',
    events: ['cleared superseded', raisedNoFull],
  },
  {
    phrase: 'is cleared by the engine being retired, whatever the clock',
    facts: { ...backedUpAt(hoursAgo(40)), retired: true },
    when: clockBehindLastCheck,
    reason: 'engine_retired',
    events: cleared('engine_retired'),
  },
  {
    phrase: 'is cleared by the feature being switched off, whatever the clock',
    facts: backedUpAt(hoursAgo(40)),
    when: { ...featureOff, ...clockBehindLastCheck },
    reason: 'disabled',
    events: cleared('disabled'),
  },
  {
    phrase: 'says disabled when the engine is retired as well',
    facts: { retired: true },
    when: featureOff,
    reason: 'disabled',
    events: cleared('disabled'),
  },
];

const withTooOldBackupAndTheClockPutBack: Case[] = [
  {
    phrase: 'stays by a clock that makes the same backup look fresh',
    facts: backedUpAt(hoursAgo(40)),
    when: { now: hoursAgo(20) },
    reason: 'clock_behind_raise',
  },
  {
    phrase: 'stays by a clock that lies before that backup',
    facts: backedUpAt(hoursAgo(40)),
    when: { now: hoursAgo(60) },
    reason: 'clock_behind_raise',
  },
  {
    phrase: 'stays when the backup that is left is older still',
    facts: backedUpAt(hoursAgo(41)),
    when: { now: hoursAgo(20) },
    reason: 'clock_behind_raise',
  },
  {
    phrase: 'stays by a period longer than at the raise that the age at the raise was over already',
    facts: { ...backedUpAt(hoursAgo(40)), alertPeriodMs: 30 * HOUR_MS - 1 },
    when: { now: hoursAgo(20) },
    reason: 'clock_behind_raise',
  },
  {
    phrase: 'is cleared by a period as long as the age at the raise',
    facts: { ...backedUpAt(hoursAgo(40)), alertPeriodMs: 30 * HOUR_MS },
    when: { now: hoursAgo(20) },
    reason: 'period_extended',
    events: cleared('period_extended'),
  },
  {
    phrase: 'is cleared by a new backup, though that lies before the raise',
    facts: backedUpAt(hoursAgo(21)),
    when: { now: hoursAgo(20) },
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
  {
    phrase: 'is cleared by a new backup that was counted before the clock was put back',
    facts: backedUpAt(hoursAgo(5)),
    when: { now: hoursAgo(60) },
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
  {
    phrase: 'says that the clock lies before the last check as long as it does',
    facts: backedUpAt(hoursAgo(40)),
    when: { now: hoursAgo(20), mayClear: false },
    reason: 'clock_behind_last_check',
  },
];

const outcomeOf: Record<string, string> = {
  '': 'unchanged',
  c: 'cleared',
  cr: 'superseded',
};

describe.each([
  { group: 'the alert "no full backup"', active: noFull, cases: withNoFullBackup },
  { group: 'the alert "too old"', active: tooOld, cases: withTooOldBackup },
  {
    group: 'the alert "too old", the clock put back,',
    active: tooOld,
    cases: withTooOldBackupAndTheClockPutBack,
  },
])('$group', ({ active, cases }) => {
  it.each(cases)('$phrase ($reason)', ({ given, facts, when, reason, events = [] }) => {
    const state = { active: given ?? active, lastSequence: 7 };
    const decision = decideEngine(state, { ...engine, ...facts }, { ...inACheck, ...when });
    expect(decision.reason).toBe(reason);
    expect(
      decision.events.map((event) =>
        event.type === 'BackupAlertRaised' ? `raised ${event.alert}` : `cleared ${event.reason}`,
      ),
    ).toEqual(events);
    expect(decision.outcome).toBe(outcomeOf[events.map((event) => event[0]).join('')]);
    if (events.length === 0) expect(decision.state).toBe(state);
  });
});
