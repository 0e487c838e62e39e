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
  newAlertId: () => 'new-id',
};
const fastClearing = { mayRaise: false };
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
/** Raised 10 hours ago about a backup of 40 hours ago; the maximum age is one day. */
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
    phrase: 'stays if only files were backed up',
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
      'becomes too old, in fast clearing too, if db and files arrive that are already too old',
    facts: backedUpAt(hoursAgo(48)),
    when: fastClearing,
    reason: 'too_old',
    events: ['cleared superseded', raisedTooOld],
  },
  {
    phrase: 'is cleared by a full backup even if the clock is before the raise',
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
    phrase: 'stays if a newer backup is too old as well',
    facts: backedUpAt(hoursAgo(30)),
    reason: 'still_too_old',
  },
  {
    phrase: 'stays if only db is newer',
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
    phrase: 'stays if the longer period is too short as well',
    facts: { ...backedUpAt(hoursAgo(40)), alertPeriodMs: 39 * HOUR_MS },
    reason: 'still_too_old',
  },
  {
    phrase: 'is cleared by the backup, not by a longer period that comes with it',
    facts: { ...backedUpAt(hoursAgo(20)), alertPeriodMs: 2 * DAY_MS },
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
  {
    phrase: 'becomes no full backup if the history is lost',
    when: fastClearing,
    reason: 'no_full_backup',
    events: ['cleared superseded', raisedNoFull],
  },
  {
    phrase: 'is cleared by the engine being retired, even if its backup is in the future',
    facts: { ...backedUpAt(NOW + HOUR_MS), retired: true },
    reason: 'engine_retired',
    events: cleared('engine_retired'),
  },
  {
    phrase: 'is cleared by the feature being switched off, even if its backup is in the future',
    facts: backedUpAt(NOW + HOUR_MS),
    when: featureOff,
    reason: 'disabled',
    events: cleared('disabled'),
  },
  {
    phrase: 'is cleared with the reason disabled if the engine is retired as well',
    facts: { retired: true },
    when: featureOff,
    reason: 'disabled',
    events: cleared('disabled'),
  },
];

const byAClockThatWasAccepted: Case[] = [
  {
    phrase: 'is cleared if the same backup is within its maximum age by it',
    facts: backedUpAt(hoursAgo(40)),
    when: { now: hoursAgo(20) },
    reason: 'period_extended',
    events: cleared('period_extended'),
  },
  {
    phrase: 'stays if the same backup is too old by it',
    facts: backedUpAt(hoursAgo(50)),
    when: { now: hoursAgo(20) },
    reason: 'still_too_old',
  },
  {
    phrase: 'is cleared by a new backup, even if that lies before the raise',
    facts: backedUpAt(hoursAgo(21)),
    when: { now: hoursAgo(20) },
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
];

const withSuccessInTheFuture: Case[] = [
  {
    phrase: 'stays if the new backup lies in the future',
    facts: backedUpAt(NOW + HOUR_MS),
    when: fastClearing,
    reason: 'success_in_future',
  },
  {
    phrase: 'stays if only db of the new backup lies in the future',
    facts: { lastDbSuccessAt: NOW + HOUR_MS, lastFilesSuccessAt: hoursAgo(1) },
    reason: 'success_in_future',
  },
  {
    phrase: 'is cleared by a backup a minute in the future',
    facts: backedUpAt(NOW + 60_000),
    reason: 'full_backup',
    events: cleared('full_backup'),
  },
  {
    phrase: 'becomes no full backup if db is missing and files lie in the future',
    facts: { lastFilesSuccessAt: NOW + HOUR_MS },
    reason: 'no_full_backup',
    events: ['cleared superseded', raisedNoFull],
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
  { group: 'the alert "too old", by a clock that was accepted,', active: tooOld, cases: byAClockThatWasAccepted }, // prettier-ignore
  { group: 'the alert "too old"', active: tooOld, cases: withSuccessInTheFuture },
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
