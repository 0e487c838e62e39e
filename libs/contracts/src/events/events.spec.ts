import { alertDismissed, alertDismissedData, alertDismissedExample } from './alert-dismissed.js';
import {
  backupAlertCleared,
  backupAlertClearedData,
  backupAlertClearedExample,
  stuckBackupClearedExample,
} from './backup-alert-cleared.js';
import {
  backupAlertRaised,
  backupAlertRaisedData,
  backupAlertRaisedExample,
  stuckBackupRaisedExample,
} from './backup-alert-raised.js';
import {
  backupCheckCompleted,
  backupCheckCompletedData,
  backupCheckCompletedExample,
} from './backup-check-completed.js';
import { clockAccepted, clockAcceptedData, clockAcceptedExample } from './clock-accepted.js';
import {
  databaseRestored,
  databaseRestoredData,
  databaseRestoredExample,
} from './database-restored.js';
import {
  deadLetterDiscarded,
  deadLetterDiscardedData,
  deadLetterDiscardedExample,
} from './dead-letter-discarded.js';
import {
  deadLetterReplayed,
  deadLetterReplayedData,
  deadLetterReplayedExample,
} from './dead-letter-replayed.js';
import { engineAdded, engineAddedData, engineAddedExample } from './engine-added.js';
import { engineRetired, engineRetiredData, engineRetiredExample } from './engine-retired.js';
import { heartbeat, heartbeatData, heartbeatExample } from './heartbeat.js';
import { readEnvelope } from '../received/envelope.js';
import { encodeCloudEvent } from './event.js';
import { settingChanged, settingChangedData, settingChangedExample } from './setting-changed.js';
import { validate } from '../values/validate.js';

const engine = '/ovirt/engines/engine.example.com';
const product = '/ovirt/backup-awareness';

describe('an event of ours', () => {
  it.each([
    [
      backupAlertRaised(backupAlertRaisedExample),
      backupAlertRaisedData,
      'ovirt.backup-alerts',
      'BackupAlertRaised.ENGINE_NO_WARM_BACKUP',
      engine,
    ],
    [
      backupAlertCleared(backupAlertClearedExample),
      backupAlertClearedData,
      'ovirt.backup-alerts',
      'BackupAlertCleared.ENGINE_NO_WARM_BACKUP',
      engine,
    ],
    [
      backupAlertRaised(stuckBackupRaisedExample),
      backupAlertRaisedData,
      'ovirt.backup-alerts',
      'BackupAlertRaised.ENGINE_BACKUP_STUCK',
      engine,
    ],
    [
      backupAlertCleared(stuckBackupClearedExample),
      backupAlertClearedData,
      'ovirt.backup-alerts',
      'BackupAlertCleared.ENGINE_BACKUP_STUCK',
      engine,
    ],
    [
      settingChanged(settingChangedExample),
      settingChangedData,
      'ovirt.backup-administration',
      'SettingChanged',
      product,
    ],
    [
      alertDismissed(alertDismissedExample),
      alertDismissedData,
      'ovirt.backup-administration',
      'AlertDismissed',
      engine,
    ],
    [
      engineAdded(engineAddedExample),
      engineAddedData,
      'ovirt.backup-administration',
      'EngineAdded',
      engine,
    ],
    [
      engineRetired(engineRetiredExample),
      engineRetiredData,
      'ovirt.backup-administration',
      'EngineRetired',
      engine,
    ],
    [
      clockAccepted(clockAcceptedExample),
      clockAcceptedData,
      'ovirt.backup-administration',
      'ClockAccepted',
      product,
    ],
    [
      databaseRestored(databaseRestoredExample),
      databaseRestoredData,
      'ovirt.backup-administration',
      'DatabaseRestored',
      product,
    ],
    [
      deadLetterReplayed(deadLetterReplayedExample),
      deadLetterReplayedData,
      'ovirt.backup-administration',
      'DeadLetterReplayed',
      product,
    ],
    [
      deadLetterDiscarded(deadLetterDiscardedExample),
      deadLetterDiscardedData,
      'ovirt.backup-administration',
      'DeadLetterDiscarded',
      product,
    ],
    [
      backupCheckCompleted(backupCheckCompletedExample),
      backupCheckCompletedData,
      'ovirt.backup-administration',
      'BackupCheckCompleted',
      product,
    ],
    [
      heartbeat(heartbeatExample),
      heartbeatData,
      'ovirt.backup-administration',
      'Heartbeat',
      product,
    ],
  ])(
    '$name goes where the contract says and is read again as it was sent',
    (event, schema, exchange, routingKey, source) => {
      expect(event).toMatchObject({ exchange, routingKey, source });
      const envelope = readEnvelope({
        body: encodeCloudEvent(event),
        exchange,
        routingKey,
        type: event.name,
        headers: {},
      });
      expect(envelope).toMatchObject({
        ok: true,
        value: { id: event.id, name: event.name, source, data: event.data },
      });
      expect(validate(schema, event.data, 'data')).toMatchObject({ ok: true });
    },
  );

  it('has an id of its own that sorts by time', async () => {
    const ids = [engineAdded(engineAddedExample).id];
    await new Promise((resolve) => setTimeout(resolve, 2));
    ids.push(engineAdded(engineAddedExample).id);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(2);
  });
});
