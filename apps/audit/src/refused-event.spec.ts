import {
  backupAlertCleared,
  backupAlertClearedExample,
  backupAlertRaised,
  backupAlertRaisedExample,
  type ReceivedMessage,
} from '@backup-awareness/contracts';
import { KINDS, REPORT, report } from './spec/kinds-of-event.js';
import { bare, received, refusal, rowOf } from './spec/received.js';

describe('an event other than a report counts only from the broker user that publishes events', () => {
  const events = KINDS.slice(3).map(([, event]) => event);
  const unknown = { ...events[0]!, name: 'EngineMoved', routingKey: 'EngineMoved' };
  it.each([undefined, '', 'host-1', 'ingest-settings', 'audit', 'replay', 'FRESHNESS-CHECKER'])(
    'not from %p',
    (userId) => {
      for (const event of [...events, unknown]) {
        const reason = refusal({ ...received(event), userId });
        expect(reason).toMatch(/^not authorised: expected the broker user that publishes events/);
      }
      const own = rowOf({ ...received(report('ENGINE_BACKUP_COMPLETED', 1)), userId });
      expect(own.reportedBy).toBe(userId || null);
    },
  );

  it('and nothing counts that came through the default exchange, from any user', () => {
    for (const [, event] of KINDS)
      expect(
        refusal({ ...received(event), exchange: '', routingKey: 'backup-awareness.audit' }),
      ).toMatch(/^exchange: expected .* got one published through the default exchange/);
  });

  it('and no report counts that came through an exchange for events', () => {
    const sent = received(report('ENGINE_BACKUP_COMPLETED', 1));
    for (const exchange of ['ovirt.backup-alerts', 'ovirt.backup-administration'])
      expect(refusal({ ...sent, exchange })).toMatch(/^exchange: expected ovirt.engine-backup/);
  });
});

describe('an invalid event is refused', () => {
  it.each<[string, ReceivedMessage, RegExp]>([
    ['not JSON', bare('ENGINE_BACKUP_COMPLETED', 'hello'), /^body: expected a JSON object/],
    ['a JSON array', bare('ENGINE_BACKUP_COMPLETED', '[]'), /^body: .*got an array of 0/],
    [
      'a report without its engine',
      bare('ENGINE_BACKUP_COMPLETED', { ...REPORT, fqdn: undefined }),
      /^data\.fqdn: expected/,
    ],
    [
      'an alert without its id',
      received({
        ...backupAlertRaised(backupAlertRaisedExample),
        data: { ...backupAlertRaisedExample, alert_id: '' },
      }),
      /^data\.alert_id: expected a UUID/,
    ],
    [
      'a Cleared with an unknown reason',
      received(backupAlertCleared({ ...backupAlertClearedExample, reason: 'bored' as never })),
      /^data\.reason: expected one of full_backup/,
    ],
    [
      'an alert under another routing key',
      {
        ...received(backupAlertRaised(backupAlertRaisedExample)),
        routingKey: 'BackupAlertCleared.x',
      },
      /^routing_key: expected/,
    ],
  ])('%s', (_, message, reason) => {
    expect(refusal(message)).toMatch(reason);
  });
});
