import type { AlertRow } from '@backup-awareness/overview/state';
import { exampleAlert, NOW } from '../spec/example-alert.js';
import { mailEntries } from './mail-entries.js';

const alert = (alertId: string, sequence: number, fields: Partial<AlertRow> = {}) =>
  exampleAlert({ alertId, sequence, ...fields });
const over = (reason: string) => ({ clearedAt: NOW, reason });
const WARM = { alert: 'ENGINE_NO_WARM_BACKUP' };

/** In short: `a+` raised, `a-` cleared. */
const news = (pending: string, alerts: readonly AlertRow[]) => {
  const changes = pending.split(' ').map((text) => ({
    subjectId: text.slice(0, -1),
    change: text.endsWith('+') ? ('raised' as const) : ('cleared' as const),
  }));
  const { raised, cleared, brief } = mailEntries(changes, alerts, []);
  const ids = (some: readonly AlertRow[]) => some.map(({ alertId }) => alertId).join();
  return { raised: ids(raised), cleared: ids(cleared), brief: ids(brief) };
};

describe('what is news to people', () => {
  it.each<[string, string, readonly AlertRow[], Partial<ReturnType<typeof news>>]>([
    ['the first alert of an engine', 'a+', [alert('a', 1)], { raised: 'a' }],
    ['its clearing', 'a-', [alert('a', 1, over('full_backup'))], { cleared: 'a' }],
    [
      'not that another kind takes its place',
      'a- b+',
      [alert('a', 1, over('superseded')), alert('b', 3, WARM)],
      {},
    ],
    [
      'the clearing of what took its place',
      'b-',
      [alert('b', 3, { ...WARM, ...over('full_backup') })],
      { cleared: 'b' },
    ],
    [
      'the kind that it is by now, where nobody was told of the first',
      'a+ a- b+',
      [alert('a', 1, over('superseded')), alert('b', 3, WARM)],
      { raised: 'b' },
    ],
    [
      'the end of it all, where people know the first',
      'a- b+ b-',
      [alert('a', 1, over('superseded')), alert('b', 3, { ...WARM, ...over('full_backup') })],
      { cleared: 'b' },
    ],
    [
      'what came and went before anybody was told',
      'a+ a-',
      [alert('a', 1, over('full_backup'))],
      { brief: 'a' },
    ],
    [
      'a new alert after one that ended, as both',
      'a- b+',
      [alert('a', 1, over('full_backup')), alert('b', 3, WARM)],
      { cleared: 'a', raised: 'b' },
    ],
    [
      'not as new what is over by now, though that is told with the next mail',
      'a+',
      [alert('a', 1, over('full_backup'))],
      { brief: 'a' },
    ],
    [
      'not what somebody has dismissed meanwhile',
      'a+',
      [alert('a', 1, { dismissedAt: NOW, dismissedBy: 'jane' })],
      {},
    ],
    [
      'a stuck run beside an alert of freshness',
      'a- s+ b+',
      [
        alert('a', 1, over('superseded')),
        alert('s', 2, { alert: 'ENGINE_BACKUP_STUCK' }),
        alert('b', 4, WARM),
      ],
      { raised: 's' },
    ],
  ])('is %s', (_, pending, alerts, expected) => {
    expect(news(pending, alerts)).toEqual({ raised: '', cleared: '', brief: '', ...expected });
  });

  it('is that nothing is known, and that it is known again', () => {
    const spell = { unknownId: 'u', beganAt: NOW, endedAt: null, reason: 'why' };
    const raised = [{ subjectId: 'u', change: 'raised' as const }];
    expect(mailEntries(raised, [], [spell])).toMatchObject({ unknownBegun: [spell] });
    const ended = { ...spell, endedAt: NOW };
    const cleared = [{ subjectId: 'u', change: 'cleared' as const }];
    expect(mailEntries(cleared, [], [ended])).toMatchObject({ unknownEnded: [ended] });
  });
});
