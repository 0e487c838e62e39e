import { NO_ALERT_YET } from './alert-state.js';
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

interface Case {
  phrase: string;
  facts?: Partial<EngineFacts>;
  when?: Partial<Circumstances>;
  reason: string;
  events?: string[];
}

const raisedNoFull = 'raised ENGINE_NO_FULL_BACKUP';
const raisedTooOld = 'raised ENGINE_NO_WARM_BACKUP';

const withoutAlert: Case[] = [
  {
    phrase: 'a backup of 23 hours ago is fresh with a maximum age of one day',
    facts: backedUpAt(hoursAgo(23)),
    reason: 'fresh',
  },
  {
    phrase: 'a backup of exactly 24 hours ago is still fresh',
    facts: backedUpAt(hoursAgo(24)),
    reason: 'fresh',
  },
  {
    phrase: 'a millisecond later it is too old',
    facts: backedUpAt(hoursAgo(24) - 1),
    reason: 'too_old',
    events: [raisedTooOld],
  },
  {
    phrase: 'a backup of 25 hours ago is too old',
    facts: backedUpAt(hoursAgo(25)),
    reason: 'too_old',
    events: [raisedTooOld],
  },
  {
    phrase: 'an engine that was never backed up has no full backup',
    reason: 'no_full_backup',
    events: [raisedNoFull],
  },
  {
    phrase: 'an engine monitored from this very millisecond has none either',
    facts: { watchedSinceAt: NOW },
    reason: 'no_full_backup',
    events: [raisedNoFull],
  },
  {
    phrase: 'files alone are no full backup',
    facts: { lastFilesSuccessAt: hoursAgo(1) },
    reason: 'no_full_backup',
    events: [raisedNoFull],
  },
  {
    phrase: 'db alone is no full backup',
    facts: { lastDbSuccessAt: hoursAgo(1) },
    reason: 'no_full_backup',
    events: [raisedNoFull],
  },
  {
    phrase: 'fresh files do not make an old db fresh',
    facts: { lastDbSuccessAt: hoursAgo(25), lastFilesSuccessAt: hoursAgo(1) },
    reason: 'too_old',
    events: [raisedTooOld],
  },
  {
    phrase: 'a fresh db does not make old files fresh',
    facts: { lastDbSuccessAt: hoursAgo(1), lastFilesSuccessAt: hoursAgo(25) },
    reason: 'too_old',
    events: [raisedTooOld],
  },
  {
    phrase: 'a backup a minute in the future counts as of now',
    facts: backedUpAt(NOW + 60_000),
    reason: 'fresh',
  },
  {
    phrase: 'a backup a millisecond further ahead has an unknown age',
    facts: backedUpAt(NOW + 60_001),
    reason: 'success_in_future',
  },
  {
    phrase: 'a backup in 2099, seen after the clock was set back, is not fresh until then',
    facts: backedUpAt(Date.UTC(2099, 0)),
    reason: 'success_in_future',
  },
  {
    phrase: 'a db in 2099 has an unknown age even if files are fresh',
    facts: { lastDbSuccessAt: Date.UTC(2099, 0), lastFilesSuccessAt: hoursAgo(1) },
    reason: 'success_in_future',
  },
  {
    phrase: 'files in 2099 have an unknown age even if db is fresh',
    facts: { lastDbSuccessAt: hoursAgo(1), lastFilesSuccessAt: Date.UTC(2099, 0) },
    reason: 'success_in_future',
  },
  {
    phrase: 'files in 2099 do not hide that db is missing',
    facts: { lastFilesSuccessAt: Date.UTC(2099, 0) },
    reason: 'no_full_backup',
    events: [raisedNoFull],
  },
  {
    phrase: 'a db in 2099 does not hide files that are too old',
    facts: { lastDbSuccessAt: Date.UTC(2099, 0), lastFilesSuccessAt: hoursAgo(25) },
    reason: 'too_old',
    events: [raisedTooOld],
  },
  {
    phrase: 'a shortened period makes a backup too old',
    facts: { ...backedUpAt(hoursAgo(13)), alertPeriodMs: 12 * HOUR_MS, alertPeriodChangedAt: NOW },
    reason: 'too_old',
    events: [raisedTooOld],
  },
  {
    phrase: 'a retired engine is not monitored, however old its backup',
    facts: { retired: true },
    reason: 'not_watched',
  },
  {
    phrase: 'an engine added again is decided by its history',
    facts: { ...backedUpAt(hoursAgo(50)), watchedSinceAt: NOW },
    reason: 'too_old',
    events: [raisedTooOld],
  },
  { phrase: 'with the feature off nothing is decided', when: featureOff, reason: 'feature_off' },
  {
    phrase: 'fast clearing raises nothing',
    when: fastClearing,
    reason: 'raise_waits_for_check',
  },
];

describe('an engine without an alert', () => {
  it.each(withoutAlert)('$phrase ($reason)', ({ facts, when, reason, events = [] }) => {
    const decision = decideEngine(NO_ALERT_YET, { ...engine, ...facts }, { ...inACheck, ...when });
    expect(decision.reason).toBe(reason);
    expect(decision.outcome).toBe(events.length > 0 ? 'raised' : 'unchanged');
    expect(
      decision.events.map((event) => event.type === 'BackupAlertRaised' && `raised ${event.alert}`),
    ).toEqual(events);
    if (events.length === 0) expect(decision.state).toBe(NO_ALERT_YET);
  });
});
