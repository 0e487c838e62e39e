import type { AlertRow } from '@backup-awareness/overview/state';
import { exampleAlert, NOW } from '../spec/example-alert.js';
import { mailEntries } from './mail-entries.js';

const alert = (alertId: string, sequence: number, fields: Partial<AlertRow> = {}) =>
  exampleAlert({ alertId, sequence, ...fields });
const over = (reason: string) => ({ clearedAt: NOW, reason });
const WARM = { alert: 'ENGINE_NO_WARM_BACKUP' };

/** Short form: `a+` raised, `a-` cleared. */
const news = (pending: string, alerts: readonly AlertRow[]) => {
  const changes = pending.split(' ').map((text) => ({
    subjectId: text.slice(0, -1),
    change: text.endsWith('+') ? ('raised' as const) : ('cleared' as const),
  }));
  const { raised, shownAgain, cleared, brief } = mailEntries(changes, alerts, []);
  const ids = (some: readonly AlertRow[]) => some.map(({ alertId }) => alertId).join();
  return {
    raised: ids(raised),
    shownAgain: ids(shownAgain),
    cleared: ids(cleared),
    brief: ids(brief),
  };
};

describe('the news in a mail', () => {
  it.each<[string, string, readonly AlertRow[], Partial<ReturnType<typeof news>>]>([
    ['the first alert of an engine', 'a+', [alert('a', 1)], { raised: 'a' }],
    ['its clearing', 'a-', [alert('a', 1, over('full_backup'))], { cleared: 'a' }],
    [
      'not its replacement by another kind',
      'a- b+',
      [alert('a', 1, over('superseded')), alert('b', 3, WARM)],
      {},
    ],
    [
      'the clearing of its replacement',
      'b-',
      [alert('b', 3, { ...WARM, ...over('full_backup') })],
      { cleared: 'b' },
    ],
    [
      'the present kind, if the first was never mailed',
      'a+ a- b+',
      [alert('a', 1, over('superseded')), alert('b', 3, WARM)],
      { raised: 'b' },
    ],
    [
      'the final clearing, if the first was mailed',
      'a- b+ b-',
      [alert('a', 1, over('superseded')), alert('b', 3, { ...WARM, ...over('full_backup') })],
      { cleared: 'b' },
    ],
    [
      'what was raised and cleared before it was mailed',
      'a+ a-',
      [alert('a', 1, over('full_backup'))],
      { brief: 'a' },
    ],
    [
      'both a clearing and a new alert after it',
      'a- b+',
      [alert('a', 1, over('full_backup')), alert('b', 3, WARM)],
      { cleared: 'a', raised: 'b' },
    ],
    [
      'not a new alert that has ended; the next mail has it',
      'a+',
      [alert('a', 1, over('full_backup'))],
      { brief: 'a' },
    ],
    [
      'not what was dismissed meanwhile',
      'a+',
      [alert('a', 1, { dismissedAt: NOW, dismissedBy: 'jane' })],
      {},
    ],
    [
      'an alert whose dismissal has ended, not as a new one',
      'a+',
      [alert('a', 1, { shownAgainAt: NOW })],
      { shownAgain: 'a' },
    ],
    [
      'an alert that replaces a dismissed one',
      'a- b+',
      [
        alert('a', 1, { ...over('superseded'), dismissedAt: NOW, dismissedBy: 'jane' }),
        alert('b', 3, WARM),
      ],
      { raised: 'b' },
    ],
    [
      'a stuck run as well as a freshness alert',
      'a- s+ b+',
      [
        alert('a', 1, over('superseded')),
        alert('s', 2, { alert: 'ENGINE_BACKUP_STUCK' }),
        alert('b', 4, WARM),
      ],
      { raised: 's' },
    ],
  ])('is %s', (_, pending, alerts, expected) => {
    expect(news(pending, alerts)).toEqual({
      raised: '',
      shownAgain: '',
      cleared: '',
      brief: '',
      ...expected,
    });
  });

  it('is that the status is unknown, and that it is known again', () => {
    const spell = { unknownId: 'u', beganAt: NOW, endedAt: null, reason: 'why' };
    const raised = [{ subjectId: 'u', change: 'raised' as const }];
    expect(mailEntries(raised, [], [spell])).toMatchObject({ unknownBegun: [spell] });
    const ended = { ...spell, endedAt: NOW };
    const cleared = [{ subjectId: 'u', change: 'cleared' as const }];
    expect(mailEntries(cleared, [], [ended])).toMatchObject({ unknownEnded: [ended] });
  });
});
