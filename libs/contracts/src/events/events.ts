import type { z } from 'zod';
import { ALERT_DISMISSED, alertDismissedData, alertDismissedExample } from './alert-dismissed.js';
import {
  BACKUP_ALERT_CLEARED,
  backupAlertClearedData,
  backupAlertClearedExample,
  stuckBackupClearedExample,
} from './backup-alert-cleared.js';
import {
  BACKUP_ALERT_RAISED,
  backupAlertRaisedData,
  backupAlertRaisedExample,
  stuckBackupRaisedExample,
} from './backup-alert-raised.js';
import {
  BACKUP_CHECK_COMPLETED,
  backupCheckCompletedData,
  backupCheckCompletedExample,
} from './backup-check-completed.js';
import { CLOCK_ACCEPTED, clockAcceptedData, clockAcceptedExample } from './clock-accepted.js';
import {
  DATABASE_RESTORED,
  databaseRestoredData,
  databaseRestoredExample,
} from './database-restored.js';
import {
  DEAD_LETTER_DISCARDED,
  deadLetterDiscardedData,
  deadLetterDiscardedExample,
} from './dead-letter-discarded.js';
import {
  DEAD_LETTER_REPLAYED,
  deadLetterReplayedData,
  deadLetterReplayedExample,
} from './dead-letter-replayed.js';
import { ENGINE_ADDED, engineAddedData, engineAddedExample } from './engine-added.js';
import {
  ENGINE_BACKUP_COMPLETED,
  engineBackupCompletedExample,
} from './engine-backup-completed.js';
import { ENGINE_BACKUP_FAILED, engineBackupFailedExample } from './engine-backup-failed.js';
import { engineBackupReportData } from './engine-backup-report.js';
import { ENGINE_BACKUP_STARTED, engineBackupStartedExample } from './engine-backup-started.js';
import { ENGINE_RETIRED, engineRetiredData, engineRetiredExample } from './engine-retired.js';
import { HEARTBEAT, heartbeatData, heartbeatExample } from './heartbeat.js';
import { SETTING_CHANGED, settingChangedData, settingChangedExample } from './setting-changed.js';
import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  ENGINE_BACKUP_EXCHANGE,
} from '../topology/topology.js';

/** What the data of an event are. */
export interface DataDescription {
  readonly name: string;
  readonly summary: string;
  readonly data: z.ZodType;
  readonly example: unknown;
  /** A second example for events about alerts: of a run that does not end. */
  readonly stuckExample?: unknown;
}

/** An event in one place, for documents and for tests over all events. */
export interface EventDescription extends DataDescription {
  readonly exchange: string;
  readonly routingKey: string;
}

export const EVENTS: readonly EventDescription[] = [
  report(
    ENGINE_BACKUP_STARTED,
    'One scope of a run of engine-backup has started',
    engineBackupStartedExample,
  ),
  report(
    ENGINE_BACKUP_COMPLETED,
    'One scope of a run of engine-backup has completed',
    engineBackupCompletedExample,
  ),
  report(
    ENGINE_BACKUP_FAILED,
    'One scope of a run of engine-backup has failed',
    engineBackupFailedExample,
  ),
  {
    name: BACKUP_ALERT_RAISED,
    summary: 'An engine has no full backup, one that is too old, or a run that does not end',
    exchange: ALERTS_EXCHANGE,
    routingKey: `${BACKUP_ALERT_RAISED}.<alert>`,
    data: backupAlertRaisedData,
    example: backupAlertRaisedExample,
    stuckExample: stuckBackupRaisedExample,
  },
  {
    name: BACKUP_ALERT_CLEARED,
    summary: 'A raised alert is no longer true',
    exchange: ALERTS_EXCHANGE,
    routingKey: `${BACKUP_ALERT_CLEARED}.<alert>`,
    data: backupAlertClearedData,
    example: backupAlertClearedExample,
    stuckExample: stuckBackupClearedExample,
  },
  administration(
    SETTING_CHANGED,
    'A setting was changed',
    settingChangedData,
    settingChangedExample,
  ),
  administration(
    ALERT_DISMISSED,
    'An administrator dismissed an alert',
    alertDismissedData,
    alertDismissedExample,
  ),
  administration(
    ENGINE_ADDED,
    'An administrator started to monitor an engine',
    engineAddedData,
    engineAddedExample,
  ),
  administration(
    ENGINE_RETIRED,
    'An administrator retired an engine',
    engineRetiredData,
    engineRetiredExample,
  ),
  administration(
    CLOCK_ACCEPTED,
    "An administrator accepted the database's present clock as right",
    clockAcceptedData,
    clockAcceptedExample,
  ),
  administration(
    DATABASE_RESTORED,
    'The database is an older copy of what it was; also sent to subscribers of alerts, who then ask which are active',
    databaseRestoredData,
    databaseRestoredExample,
  ),
  administration(
    DEAD_LETTER_REPLAYED,
    'An administrator replayed a dead letter, or had an event that was set aside published again',
    deadLetterReplayedData,
    deadLetterReplayedExample,
  ),
  administration(
    DEAD_LETTER_DISCARDED,
    'An administrator discarded a dead letter, or an event that was set aside',
    deadLetterDiscardedData,
    deadLetterDiscardedExample,
  ),
  administration(
    BACKUP_CHECK_COMPLETED,
    'A check of all monitored engines has completed',
    backupCheckCompletedData,
    backupCheckCompletedExample,
  ),
  administration(
    HEARTBEAT,
    'The leader of the checkers has decided; once a minute, to show that events get through',
    heartbeatData,
    heartbeatExample,
  ),
];

function report(name: string, summary: string, example: unknown): EventDescription {
  return {
    name,
    summary,
    exchange: ENGINE_BACKUP_EXCHANGE,
    routingKey: `${name}.<scope>`,
    data: engineBackupReportData,
    example,
  };
}

function administration(
  name: string,
  summary: string,
  data: z.ZodType,
  example: unknown,
): EventDescription {
  return { name, summary, exchange: ADMINISTRATION_EXCHANGE, routingKey: name, data, example };
}
