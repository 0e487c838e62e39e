import { AlertDismissal } from './alert-dismissal.entity.js';
import { Alert } from './alert.entity.js';
import { AuditLog } from './audit-log.entity.js';
import { CheckerLease } from './checker-lease.entity.js';
import { CheckerState } from './checker-state.entity.js';
import { EngineAlertState } from './engine-alert-state.entity.js';
import { EngineBackupLog } from './engine-backup-log.entity.js';
import { EngineLastSuccess } from './engine-last-success.entity.js';
import { Engine } from './engine.entity.js';
import { IncarnationRow } from './incarnation.entity.js';
import { Heartbeat } from './heartbeat.entity.js';
import { MessageTry } from './message-try.entity.js';
import { NotificationDestination } from './notification-destination.entity.js';
import { NotificationRow } from './notification-row.entity.js';
import { OpenRun } from './open-run.entity.js';
import { OutboxRow } from './outbox-row.entity.js';
import { QueuePassage } from './queue-passage.entity.js';
import { UnknownSpell } from './unknown-spell.entity.js';
import { VdcOption } from './vdc-option.entity.js';

/** All our tables. */
export const ENTITIES = [
  Alert,
  AlertDismissal,
  AuditLog,
  CheckerLease,
  CheckerState,
  Engine,
  EngineAlertState,
  EngineBackupLog,
  EngineLastSuccess,
  Heartbeat,
  IncarnationRow,
  MessageTry,
  NotificationDestination,
  NotificationRow,
  OpenRun,
  OutboxRow,
  QueuePassage,
  UnknownSpell,
  VdcOption,
];
