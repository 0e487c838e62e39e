import { ageShare, factsOf, missingScopes } from './facts.js';
import { backupCommand, remedyOf, trialFor } from './remedy.js';
import { pastAnswer, presentAnswer } from './spec/answers.js';

test('the present and the past give one picture', () => {
  const now = factsOf(presentAnswer());
  const then = factsOf(pastAnswer());
  expect(now).toMatchObject({ isPast: false, isKnown: true, verdict: 'fresh', isOwnPeriod: false });
  expect(then).toMatchObject({ isPast: true, isKnown: true, verdict: 'fresh', isOwnPeriod: null });
  expect(then.ageMs).toBe(now.ageMs);
});

test('a retired engine is retired, whatever its backups are', () => {
  expect(factsOf(presentAnswer({ watched: false })).verdict).toBe('retired');
});

test('what cannot be judged is unknown, never fresh', () => {
  expect(factsOf(presentAnswer({ verdict: null })).verdict).toBe('unknown');
});

test('before anything is known, that is said', () => {
  const facts = factsOf(pastAnswer({ watched: null, verdict: null, active_alerts: null }));
  expect(facts).toMatchObject({ isKnown: false, verdict: 'unknown', alerts: [] });
});

test('the age is told as a share of what is allowed', () => {
  expect(ageShare({ ageMs: 43_200_000, periodDays: 1 })).toBe(0.5);
  expect(ageShare({ ageMs: null, periodDays: 1 })).toBeNull();
  expect(ageShare({ ageMs: 1, periodDays: null })).toBeNull();
});

test('the scopes without a success are named', () => {
  expect(missingScopes({ lastDbAt: null, lastFilesAt: 'x' })).toEqual(['db']);
});

test.each([
  ['a fresh engine may be backed up now', {}, 'back_up_now'],
  ['one that is too old is to be backed up', { verdict: 'too_old' }, 'back_up'],
  ['a retired one can be resumed', { watched: false }, 'resume'],
  [
    'a success in the future is to be accepted or not',
    { verdict: 'unknown', reason: 'success_in_future' },
    'accept_clock',
  ],
  [
    'a host that has never reported is to be set up',
    {
      verdict: 'no_full_backup',
      latest_reports: [],
      last_db_success_at: null,
      last_files_success_at: null,
    },
    'set_up_host',
  ],
] as const)('%s', (_what, changes, remedy) => {
  expect(remedyOf(factsOf(presentAnswer(changes as never)))).toBe(remedy);
});

test('the past has no command', () => {
  expect(remedyOf(factsOf(pastAnswer({ verdict: 'too_old' })))).toBe('none');
});

test("the command's files have dated names", () => {
  expect(backupCommand(Date.UTC(2026, 10, 23, 3, 4, 5))).toBe(
    'engine-backup --mode=backup --scope=all --file=/var/lib/ovirt-engine-backup/engine-20261123030405.backup --log=/var/log/ovirt-engine-backup/engine-20261123030405.log',
  );
});

describe('the command for a trial', () => {
  const trial = { fqdn: 'engine.example.com', command: 'report a trial backup' };
  const stale = factsOf(presentAnswer({ verdict: 'too_old' }));
  test('is shown for the host it reports about', () => {
    expect(trialFor(stale, trial)).toBe(trial.command);
    expect(trialFor(stale, { ...trial, fqdn: 'other.example.com' })).toBeUndefined();
    expect(trialFor(stale, null)).toBeUndefined();
  });

  test('is not shown where such a report would be refused', () => {
    const facts = factsOf(presentAnswer({ verdict: 'too_old', broker_user: 'engine1' }));
    expect(trialFor(facts, trial)).toBeUndefined();
  });

  test('is not shown for an engine that is fresh, retired, or of the past', () => {
    expect(trialFor(factsOf(presentAnswer()), trial)).toBeUndefined();
    expect(trialFor(factsOf(presentAnswer({ watched: false })), trial)).toBeUndefined();
    expect(trialFor(factsOf(pastAnswer({ verdict: 'too_old' })), trial)).toBeUndefined();
  });
});
