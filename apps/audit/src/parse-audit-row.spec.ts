import { createHash } from 'node:crypto';
import {
  alertDismissed,
  alertDismissedExample,
  backupAlertCleared,
  backupAlertClearedExample,
  stuckBackupClearedExample,
  backupAlertRaised,
  backupAlertRaisedExample,
  stuckBackupRaisedExample,
  backupCheckCompleted,
  backupCheckCompletedExample,
  clockAccepted,
  clockAcceptedExample,
  engineAdded,
  engineAddedExample,
  engineRetired,
  engineRetiredExample,
  settingChanged,
  settingChangedExample,
  type OutgoingEvent,
  type ReceivedMessage,
} from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import { bare, ENGINE, NOW, received, refusal, rowOf } from './spec/received.js';

const ALERT_ID = backupAlertRaisedExample.alert_id;

const REPORT = {
  scope: 'db',
  done_at: '2026-11-23T01:10:42+01:00',
  status: 1,
  output_message: 'Backup Finished',
  fqdn: 'Engine.example.com.',
  log_path: '/var/log/backup.log',
};
const report = (name: string, status: number): OutgoingEvent => ({
  id: 'report-1',
  name,
  exchange: 'ovirt.engine-backup',
  routingKey: `${name}.db`,
  source: ENGINE,
  subject: 'db',
  time: '2026-11-23T00:10:43.000Z',
  data: { ...REPORT, status },
});

const KINDS: readonly (readonly [string, OutgoingEvent, Partial<AuditRow>])[] = [
  [
    'a backup that has started',
    report('ENGINE_BACKUP_STARTED', 0),
    {
      logTypeName: 'ENGINE_BACKUP_STARTED',
      logType: 9024,
      severity: 0,
      message: 'engine.example.com: db backup started: Backup Finished (log: /var/log/backup.log)',
      origin: ENGINE,
      fqdn: 'engine.example.com',
      alertId: null,
    },
  ],
  [
    'a backup that is complete',
    report('ENGINE_BACKUP_COMPLETED', 1),
    {
      logTypeName: 'ENGINE_BACKUP_COMPLETED',
      logType: 9025,
      severity: 0,
      message:
        'engine.example.com: db backup completed: Backup Finished (log: /var/log/backup.log)',
      origin: ENGINE,
      fqdn: 'engine.example.com',
    },
  ],
  [
    'a backup that has failed',
    report('ENGINE_BACKUP_FAILED', -1),
    { logTypeName: 'ENGINE_BACKUP_FAILED', logType: 9026, severity: 2, origin: ENGINE },
  ],
  [
    'an engine without a full backup',
    backupAlertRaised({ ...backupAlertRaisedExample, alert: 'ENGINE_NO_FULL_BACKUP' }),
    {
      logTypeName: 'ENGINE_NO_FULL_BACKUP',
      logType: 9022,
      severity: 10,
      message: backupAlertRaisedExample.message,
      origin: ENGINE,
      fqdn: 'engine.example.com',
      alertId: ALERT_ID,
      correlationId: ALERT_ID,
    },
  ],
  [
    'an engine whose full backup is too old',
    backupAlertRaised(backupAlertRaisedExample),
    { logTypeName: 'ENGINE_NO_WARM_BACKUP', logType: 9023, severity: 10, alertId: ALERT_ID },
  ],
  [
    'an alert that is cleared, under the type of the alert',
    backupAlertCleared(backupAlertClearedExample),
    {
      logTypeName: 'ENGINE_NO_WARM_BACKUP',
      logType: 9023,
      severity: 0,
      message:
        'engine.example.com: ENGINE_NO_WARM_BACKUP, raised at 2026-11-23T03:00:00.000000Z, is cleared: there is a fresh full backup',
      alertId: ALERT_ID,
      correlationId: ALERT_ID,
    },
  ],
  [
    'a run that does not end, which is a warning and of no type of oVirt',
    backupAlertRaised(stuckBackupRaisedExample),
    {
      logTypeName: 'ENGINE_BACKUP_STUCK',
      logType: 0,
      severity: 1,
      message: stuckBackupRaisedExample.message,
      alertId: stuckBackupRaisedExample.alert_id,
      correlationId: stuckBackupRaisedExample.alert_id,
    },
  ],
  [
    'a run that has an alert no longer',
    backupAlertCleared(stuckBackupClearedExample),
    {
      logTypeName: 'ENGINE_BACKUP_STUCK',
      logType: 0,
      severity: 0,
      message:
        'engine.example.com: ENGINE_BACKUP_STUCK, raised at 2026-11-23T15:00:00.000000Z, is cleared: later runs have completed all that it began',
      alertId: stuckBackupRaisedExample.alert_id,
    },
  ],
  [
    'a setting that is changed',
    settingChanged(settingChangedExample),
    {
      logTypeName: 'SettingChanged',
      logType: 0,
      severity: 0,
      message: 'root changed BackupAlertPeriodInDays from "1" to "2"',
      origin: '/ovirt/backup-awareness',
      fqdn: null,
    },
  ],
  [
    'a setting of one engine that is changed',
    settingChanged({ ...settingChangedExample, from: null, fqdn: 'engine.example.com' }),
    {
      message: 'engine.example.com: root changed BackupAlertPeriodInDays from nothing to "2"',
      origin: ENGINE,
      fqdn: 'engine.example.com',
    },
  ],
  [
    'an alert that is dismissed',
    alertDismissed(alertDismissedExample),
    {
      logTypeName: 'AlertDismissed',
      logType: 0,
      severity: 0,
      message: 'engine.example.com: root dismissed the alert ENGINE_NO_WARM_BACKUP',
      alertId: ALERT_ID,
      correlationId: ALERT_ID,
    },
  ],
  [
    'an engine that is added',
    engineAdded(engineAddedExample),
    { logTypeName: 'EngineAdded', severity: 0, fqdn: 'engine.example.com', alertId: null },
  ],
  [
    'a clock that is accepted',
    clockAccepted(clockAcceptedExample),
    {
      logTypeName: 'ClockAccepted',
      logType: 0,
      severity: 1,
      fqdn: null,
      message:
        "root accepted the database's clock of 2026-11-23T03:00:00Z (the latest decision was of 2026-11-24T15:00:00Z); " +
        '2 successes in its future no longer count: The time server was a day and a half ahead',
    },
  ],
  [
    'a check with an engine of unknown age',
    backupCheckCompleted({ ...backupCheckCompletedExample, fresh: 1, unknown: 1 }),
    {
      message:
        'check completed (scheduled): 3 engines: 1 fresh, 1 too old, 0 with no full backup, 1 unknown; 1 alert raised, 0 cleared',
    },
  ],
  [
    'an engine that is retired',
    engineRetired(engineRetiredExample),
    { logTypeName: 'EngineRetired', severity: 0, fqdn: 'engine.example.com' },
  ],
  [
    'a check that is complete',
    backupCheckCompleted(backupCheckCompletedExample),
    {
      logTypeName: 'BackupCheckCompleted',
      severity: 0,
      message:
        'check completed (scheduled): 3 engines: 2 fresh, 1 too old, 0 with no full backup; 1 alert raised, 0 cleared',
      origin: '/ovirt/backup-awareness',
      fqdn: null,
    },
  ],
];

describe('an event becomes a row of the audit log', () => {
  it.each(KINDS)('%s', (_, event, expected) => {
    const row = rowOf(received(event));
    expect(row).toMatchObject({ ...expected, eventId: event.id, eventName: event.name });
    expect(row.message).not.toBe('');
    expect(Date.parse(row.logTime)).toBe(Date.parse(event.time));
  });

  it.each(KINDS.slice(3))('%s, with all its data', (_, event) => {
    const { customData } = rowOf(received(event));
    const data = event.data as Record<string, unknown>;
    const kept = JSON.parse(customData) as Record<string, unknown>;
    for (const [name, value] of Object.entries(data)) {
      const isInstant = typeof value === 'string' && /^\d{4}-.*Z$/.test(value);
      expect([name, isInstant ? Date.parse(String(kept[name])) : kept[name]]).toEqual([
        name,
        isInstant ? Date.parse(value) : value,
      ]);
    }
  });

  it('a report with its run, by which its events belong together', () => {
    const event = report('ENGINE_BACKUP_COMPLETED', 1);
    const row = rowOf(received({ ...event, data: { ...REPORT, run_id: 'run-7' } }));
    expect(row.correlationId).toBe('run-7');
  });

  it('at the time of its arrival, where it says it happens in the future', () => {
    const event = { ...report('ENGINE_BACKUP_COMPLETED', 1), time: '2099-01-01T00:00:00Z' };
    expect(rowOf(received(event)).logTime).toBe(NOW.toISOString());
  });
});

describe('bare JSON', () => {
  it('of a report is its engine’s, at the time it was done, known by its bytes', () => {
    const text = JSON.stringify(REPORT);
    const row = rowOf(bare('ENGINE_BACKUP_COMPLETED', text));
    expect(row).toMatchObject({
      origin: ENGINE,
      logType: 9025,
      logTime: '2026-11-23T00:10:42.000000Z',
      eventId: createHash('sha256').update('ENGINE_BACKUP_COMPLETED').update(text).digest('hex'),
    });
  });

  it('of a report that is also sent as a CloudEvent with its id is the same event', () => {
    const asBare = rowOf(bare('ENGINE_BACKUP_COMPLETED.db', REPORT, { messageId: 'report-1' }));
    const asCloudEvent = rowOf(received(report('ENGINE_BACKUP_COMPLETED', 1)));
    const keyAndContent = ({ origin, eventId, eventName, customData }: AuditRow) => ({
      origin,
      eventId,
      eventName,
      customData,
    });
    expect(keyAndContent(asBare)).toEqual(keyAndContent(asCloudEvent));
  });

  it('of an administration that concerns no engine is the product’s', () => {
    const row = rowOf(
      bare('SettingChanged', settingChangedExample, { exchange: 'ovirt.backup-administration' }),
    );
    expect(row.origin).toBe('/ovirt/backup-awareness');
  });
});

describe('a report with long texts', () => {
  const saying = (output_message: string, log_path = '/x') => {
    const event = report('ENGINE_BACKUP_FAILED', -1);
    const data = { ...REPORT, status: -1, output_message, log_path };
    return rowOf(received({ ...event, data }));
  };
  const dataOf = (row: AuditRow) => JSON.parse(row.customData) as Record<string, never>;

  it.each([
    ['a'.repeat(4_096), 'a'.repeat(4_096)],
    ['a'.repeat(4_097), 'a'.repeat(4_096)],
    ['ä'.repeat(3_000), 'ä'.repeat(2_048)],
    [`a${'ä'.repeat(3_000)}`, `a${'ä'.repeat(2_047)}`],
    ['€'.repeat(1_366), '€'.repeat(1_365)],
    ['🎈'.repeat(1_025), '🎈'.repeat(1_024)],
    [`abc${'🎈'.repeat(1_025)}`, `abc${'🎈'.repeat(1_023)}`],
    ['x'.repeat(1_990_000), 'x'.repeat(4_096)],
  ])(
    'keeps the first 4 KiB with no character split, and says where the whole is (%#)',
    (text, kept) => {
      for (const name of ['output_message', 'log_path'] as const) {
        const row = name === 'log_path' ? saying('short', text) : saying(text);
        expect(dataOf(row)[name]).toBe(kept);
        expect(row.message).toContain(kept);
        expect(row.message.length).toBeLessThan(kept.length + 250);
        const sha256 = createHash('sha256').update(text).digest('hex');
        expect(dataOf(row)['cut']).toEqual(
          text === kept
            ? undefined
            : {
                table: 'engine_backup_log',
                event_id: 'report-1',
                [name]: { bytes: Buffer.byteLength(text), sha256 },
              },
        );
        expect(
          row.message.endsWith('the whole text is in engine_backup_log, event_id report-1]'),
        ).toBe(text !== kept);
      }
    },
  );

  it('that differ beyond what is kept are told apart', () => {
    const long = 'x'.repeat(5_000);
    expect(saying(`${long}a`).customData).not.toBe(saying(`${long}b`).customData);
    expect(saying('', `${long}a`).customData).not.toBe(saying('', `${long}b`).customData);
  });
});

describe('an event that is no report counts from the broker user that makes it alone', () => {
  const events = KINDS.slice(3).map(([, event]) => event);
  const unknown = { ...events[0]!, name: 'EngineMoved', routingKey: 'EngineMoved' };
  it.each([undefined, '', 'host-1', 'ingest-settings', 'audit', 'replay', 'FRESHNESS-CHECKER'])(
    'not from %p',
    (userId) => {
      for (const event of [...events, unknown]) {
        const reason = refusal({ ...received(event), userId });
        expect(reason).toMatch(/^not authorised: expected the broker user that makes events/);
      }
      const own = rowOf({ ...received(report('ENGINE_BACKUP_COMPLETED', 1)), userId });
      expect(own.reportedBy).toBe(userId || null);
    },
  );

  it('and nothing counts that came through the default exchange, whoever sent it', () => {
    for (const [, event] of KINDS)
      expect(
        refusal({ ...received(event), exchange: '', routingKey: 'backup-awareness.audit' }),
      ).toMatch(/^exchange: expected .* got one that was sent through the default exchange/);
  });

  it('and no report that came the way of events', () => {
    const sent = received(report('ENGINE_BACKUP_COMPLETED', 1));
    for (const exchange of ['ovirt.backup-alerts', 'ovirt.backup-administration'])
      expect(refusal({ ...sent, exchange })).toMatch(/^exchange: expected ovirt.engine-backup/);
  });
});

describe('what is no event is refused', () => {
  it.each<[string, ReceivedMessage, RegExp]>([
    ['no JSON', bare('ENGINE_BACKUP_COMPLETED', 'hello'), /^body: expected a JSON object/],
    ['a JSON array', bare('ENGINE_BACKUP_COMPLETED', '[]'), /^body: .*got an array of 0/],
    [
      'a report without its engine',
      bare('ENGINE_BACKUP_COMPLETED', { ...REPORT, fqdn: undefined }),
      /^data\.fqdn: expected/,
    ],
    [
      'an alert without its id',
      received(backupAlertRaised({ ...backupAlertRaisedExample, alert_id: '' })),
      /^data\.alert_id: expected a UUID/,
    ],
    [
      'a Cleared for a reason that is none',
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
