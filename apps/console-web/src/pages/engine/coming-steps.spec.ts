import { comingSteps } from './coming-steps.js';
import { factsOf } from './facts.js';
import { pastAnswer, presentAnswer } from './spec/answers.js';

const ALERT = {
  alert_id: 'a',
  alert: 'ENGINE_NO_WARM_BACKUP',
  run_id: null,
  scopes: null,
  since: '2026-11-23T01:00:00.000Z',
  raised_at: '2026-11-23T02:00:00.000Z',
  sequence: 1,
  dismissed_at: null,
  dismissed_by: null,
  message: '',
};
const NEXT = presentAnswer().next;

const stepsOf = (changes: object, next: Partial<typeof NEXT> = {}) =>
  comingSteps(factsOf(presentAnswer({ ...changes, next: { ...NEXT, ...next } })));
const kinds = (...given: Parameters<typeof stepsOf>) => stepsOf(...given).map(({ kind }) => kind);

test('a fresh engine turns unless the older scope succeeds, a check finds it, and people are told', () => {
  expect(stepsOf({})).toEqual([
    { kind: 'fresh_now' },
    {
      kind: 'turns',
      at: '2026-11-23T20:00:00.000Z',
      needed: ['files'],
      since: '2026-11-22T20:00:00.000Z',
    },
    { kind: 'check_raises', at: '2026-11-23T21:00:00.000Z' },
    { kind: 'will_be_told' },
  ]);
});

test('an alert that is due is raised by a check', () => {
  expect(kinds({ verdict: 'too_old' }, { kind: 'alert_is_raised' })).toEqual([
    'too_old',
    'check_raises',
    'will_be_told',
    'made_fresh',
  ]);
});

test('an active alert stays until a backup', () => {
  const steps = stepsOf(
    { verdict: 'too_old', active_alerts: [ALERT] },
    { kind: 'alert_stays', needed_scopes: ['db', 'files'] },
  );
  expect(steps).toEqual([
    { kind: 'too_old' },
    { kind: 'raised', at: ALERT.raised_at, isDismissed: false },
    { kind: 'told' },
    { kind: 'made_fresh', needed: ['db', 'files'] },
  ]);
});

test('an alert about a run is not the alert that stays', () => {
  const stuck = { ...ALERT, alert: 'ENGINE_BACKUP_STUCK' };
  expect(kinds({ verdict: 'too_old', active_alerts: [stuck] }, { kind: 'alert_stays' })).toEqual([
    'too_old',
    'made_fresh',
  ]);
});

test('without a full backup, the missing scopes are named', () => {
  expect(
    stepsOf(
      { verdict: 'no_full_backup', last_files_success_at: null },
      { kind: 'alert_is_raised' },
    )[0],
  ).toEqual({ kind: 'no_full_backup', missing: ['files'] });
});

test('while checks are off, nothing is raised', () => {
  expect(kinds({ verdict: 'too_old' }, { kind: 'nothing' })).toEqual(['too_old', 'checks_off']);
});

test('of a retired, an unknown or a past engine nothing is promised', () => {
  expect(kinds({ watched: false }, { kind: 'nothing' })).toEqual(['not_monitored']);
  expect(kinds({ verdict: 'unknown' }, { kind: 'unknown' })).toEqual(['unknown']);
  expect(comingSteps(factsOf(pastAnswer()))).toEqual([{ kind: 'unknown' }]);
});
