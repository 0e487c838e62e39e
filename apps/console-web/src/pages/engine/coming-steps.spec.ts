import { comingSteps, type Coming } from './coming-steps.js';
import { factsOf } from './facts.js';
import { presentAnswer } from './spec/answers.js';

const COMING: Coming = {
  turnsAt: '2026-11-23T20:00:00.000Z',
  shortScope: 'files',
  checkAt: '2026-11-23T21:00:00.000Z',
  isChecked: true,
};
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

const kinds = (changes: object, coming: Partial<Coming> = {}) =>
  comingSteps(factsOf(presentAnswer(changes)), { ...COMING, ...coming }).map(({ kind }) => kind);

test('a fresh engine turns, a check finds it, and people are told', () => {
  expect(comingSteps(factsOf(presentAnswer()), COMING)).toEqual([
    { kind: 'fresh_now', at: '2026-11-23T03:00:00.000Z' },
    {
      kind: 'turns',
      at: '2026-11-23T20:00:00.000Z',
      shortScope: 'files',
      shortAt: '2026-11-22T20:00:00.000Z',
    },
    { kind: 'check_raises', at: '2026-11-23T21:00:00.000Z' },
    { kind: 'will_be_told', at: null },
  ]);
});

test('while checks are off, nothing is raised', () => {
  expect(kinds({}, { isChecked: false })).toEqual(['fresh_now', 'turns', 'checks_off']);
});

test('an active alert stays until a backup', () => {
  expect(kinds({ verdict: 'too_old', active_alerts: [ALERT] })).toEqual([
    'too_old_since',
    'raised',
    'told',
    'cleared_by_backup',
  ]);
});

test('an alert about a run says nothing of the full backup', () => {
  const stuck = { ...ALERT, alert: 'ENGINE_BACKUP_STUCK' };
  expect(kinds({ verdict: 'too_old', active_alerts: [stuck] })).toContain('check_raises');
});

test('without a full backup, the missing scopes are named', () => {
  const facts = factsOf(presentAnswer({ verdict: 'no_full_backup', last_files_success_at: null }));
  expect(comingSteps(facts, COMING)[0]).toEqual({
    kind: 'no_full_backup',
    at: null,
    missing: ['files'],
  });
});

test('of a retired or unknown engine nothing is promised', () => {
  expect(kinds({ watched: false })).toEqual(['not_monitored']);
  expect(kinds({ verdict: 'unknown' })).toEqual(['unknown']);
});
