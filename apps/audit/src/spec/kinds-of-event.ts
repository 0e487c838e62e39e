import {
  alertDismissalEnded,
  alertDismissalEndedExample,
  alertDismissed,
  alertDismissedExample,
  backupAlertCleared,
  backupAlertClearedExample,
  backupAlertRaised,
  backupAlertRaisedExample,
  stuckBackupClearedExample,
  stuckBackupRaisedExample,
  backupCheckCompleted,
  backupCheckCompletedExample,
  clockAccepted,
  clockAcceptedExample,
  databaseRestored,
  databaseRestoredExample,
  deadLetterDiscarded,
  deadLetterDiscardedExample,
  deadLetterReplayed,
  deadLetterReplayedExample,
  engineAdded,
  engineAddedExample,
  engineRetired,
  engineRetiredExample,
  heartbeat,
  heartbeatExample,
  settingChanged,
  settingChangedExample,
  signedIn,
  signedInExample,
  signedOut,
  signedOutExample,
  signInFailed,
  signInFailedExample,
  tokenCreated,
  tokenCreatedExample,
  tokenRevoked,
  tokenRevokedExample,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import { ENGINE } from './received.js';

const ALERT_ID = backupAlertRaisedExample.alert_id;

/** Data of a report. */
export const REPORT = {
  scope: 'db',
  done_at: '2026-11-23T01:10:42+01:00',
  status: 1,
  output_message: 'Backup Finished',
  fqdn: 'Engine.example.com.',
  log_path: '/var/log/backup.log',
};
export const report = (name: string, status: number): OutgoingEvent => ({
  id: 'report-1',
  name,
  exchange: 'ovirt.engine-backup',
  routingKey: `${name}.db`,
  source: ENGINE,
  subject: 'db',
  time: '2026-11-23T00:10:43.000Z',
  data: { ...REPORT, status },
});

/** Every kind of event and its row. The three reports come first. */
export const KINDS: readonly (readonly [string, OutgoingEvent, Partial<AuditRow>])[] = [
  [
    'a backup that started',
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
    'a backup that completed',
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
    'a backup that failed',
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
    'a cleared alert, with the type of the alert',
    backupAlertCleared(backupAlertClearedExample),
    {
      logTypeName: 'ENGINE_NO_WARM_BACKUP',
      logType: 9023,
      severity: 0,
      message:
        'engine.example.com: ENGINE_NO_WARM_BACKUP, raised at 2026-11-23T03:00:00Z, is cleared: there is a fresh full backup',
      alertId: ALERT_ID,
      correlationId: ALERT_ID,
    },
  ],
  [
    'a run that does not end, which is a warning with no type of oVirt',
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
    'a cleared alert about a run',
    backupAlertCleared(stuckBackupClearedExample),
    {
      logTypeName: 'ENGINE_BACKUP_STUCK',
      logType: 0,
      severity: 0,
      message:
        'engine.example.com: ENGINE_BACKUP_STUCK, raised at 2026-11-23T15:00:00Z, is cleared: later runs have completed every scope that it started',
      alertId: stuckBackupRaisedExample.alert_id,
    },
  ],
  [
    'a changed setting',
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
    'a changed setting of one engine',
    settingChanged({ ...settingChangedExample, from: null, fqdn: 'engine.example.com' }),
    {
      message: 'engine.example.com: root changed BackupAlertPeriodInDays from nothing to "2"',
      origin: ENGINE,
      fqdn: 'engine.example.com',
    },
  ],
  [
    'a dismissed alert',
    alertDismissed(alertDismissedExample),
    {
      logTypeName: 'AlertDismissed',
      logType: 0,
      severity: 0,
      message:
        'engine.example.com: root dismissed the alert ENGINE_NO_WARM_BACKUP until 2026-11-30T08:00:00Z: The engine moves to another data centre this week',
      alertId: ALERT_ID,
      correlationId: ALERT_ID,
    },
  ],
  [
    'a dismissed alert, as earlier versions publish it',
    alertDismissed({ ...alertDismissedExample, comment: undefined, until: undefined }),
    { message: 'engine.example.com: root dismissed the alert ENGINE_NO_WARM_BACKUP' },
  ],
  [
    'an ended dismissal',
    alertDismissalEnded(alertDismissalEndedExample),
    {
      logTypeName: 'AlertDismissalEnded',
      logType: 0,
      severity: 0,
      message: 'engine.example.com: root ended the dismissal of the alert ENGINE_NO_WARM_BACKUP',
      alertId: ALERT_ID,
      correlationId: ALERT_ID,
    },
  ],
  [
    'a created token',
    tokenCreated(tokenCreatedExample),
    {
      logTypeName: 'TokenCreated',
      severity: 0,
      fqdn: null,
      message:
        'root created the token reports with the role viewer, valid until 2027-02-21T03:00:00Z',
    },
  ],
  [
    'a created badge of an engine',
    tokenCreated({
      ...tokenCreatedExample,
      what: 'badge',
      to: 'badge',
      name: 'b1',
      expires_at: null,
      fqdn: 'engine.example.com',
    }),
    {
      logTypeName: 'BadgeCreated',
      fqdn: 'engine.example.com',
      message: 'root created the badge b1',
    },
  ],
  [
    'a revoked badge',
    tokenRevoked({ ...tokenRevokedExample, what: 'badge', from: 'badge', name: 'b1' }),
    { logTypeName: 'BadgeRevoked', message: 'root revoked the badge b1' },
  ],
  [
    'a revoked token',
    tokenRevoked(tokenRevokedExample),
    { logTypeName: 'TokenRevoked', severity: 0, message: 'root revoked the token reports' },
  ],
  [
    'a revoked session',
    tokenRevoked({
      ...tokenRevokedExample,
      what: 'session',
      name: '0a1b2c3d4e5f',
      session_of: 'oidc:anna (f3a1)',
    }),
    {
      logTypeName: 'SessionRevoked',
      message: 'root revoked the session 0a1b2c3d4e5f of oidc:anna (f3a1)',
    },
  ],
  [
    'a sign-in',
    signedIn(signedInExample),
    {
      logTypeName: 'SignedIn',
      severity: 0,
      message: 'token:reports signed in by token with the role viewer from 192.0.2.7',
    },
  ],
  [
    'a sign-out',
    signedOut(signedOutExample),
    { logTypeName: 'SignedOut', severity: 0, message: 'token:reports signed out' },
  ],
  [
    'a failed sign-in',
    signInFailed(signInFailedExample),
    {
      logTypeName: 'SignInFailed',
      severity: 1,
      message: 'a sign-in failed, from 192.0.2.7: the token is unknown, expired or revoked',
    },
  ],
  [
    'many failed sign-ins',
    signInFailed({ ...signInFailedExample, failures: 40 }),
    {
      message:
        '40 sign-ins failed, the latest from 192.0.2.7: the token is unknown, expired or revoked',
    },
  ],
  [
    'an added engine',
    engineAdded(engineAddedExample),
    { logTypeName: 'EngineAdded', severity: 0, fqdn: 'engine.example.com', alertId: null },
  ],
  [
    'an accepted clock',
    clockAccepted(clockAcceptedExample),
    {
      logTypeName: 'ClockAccepted',
      logType: 0,
      severity: 1,
      fqdn: null,
      message:
        "root accepted the database's clock of 2026-11-23T03:00:00Z (the latest decision was at 2026-11-24T15:00:00Z); " +
        '2 successes in its future no longer count: The time server was a day and a half ahead',
    },
  ],
  [
    'a restored database',
    databaseRestored(databaseRestoredExample),
    {
      logTypeName: 'DatabaseRestored',
      logType: 0,
      severity: 1,
      fqdn: null,
      message:
        'The database was restored from a copy of 2026-11-22T03:00:00Z: what was stored, changed and alerted after that is missing; ' +
        'sequence numbers continue above 1000000',
    },
  ],
  [
    'a replayed dead letter',
    deadLetterReplayed(deadLetterReplayedExample),
    {
      logTypeName: 'DeadLetterReplayed',
      severity: 0,
      fqdn: null,
      message:
        'root replayed the dead letter 019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42 of ingest ' +
        '(not authorised: expected the broker user of that engine, got "engine-2"): The engine has its broker user now',
    },
  ],
  [
    'a discarded dead letter',
    deadLetterDiscarded(deadLetterDiscardedExample),
    {
      logTypeName: 'DeadLetterDiscarded',
      severity: 1,
      fqdn: null,
      message:
        'root discarded the dead letter 019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42 of ingest ' +
        '(data.done_at: expected an instant like 2026-11-23T02:00:00Z, got "yesterday"): A test of the new host',
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
    'a retired engine',
    engineRetired(engineRetiredExample),
    { logTypeName: 'EngineRetired', severity: 0, fqdn: 'engine.example.com' },
  ],
  [
    'a completed check',
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
  [
    'a heartbeat',
    heartbeat(heartbeatExample),
    { logTypeName: 'Heartbeat', severity: 0, message: 'heartbeat of freshness-checker' },
  ],
];
