import { InitialSchema1763856000000 } from './1763856000000-initial-schema.js';
import { Retention1764100000000 } from './1764100000000-retention.js';
import { ReportsByReceipt1764100000001 } from './1764100000001-reports-by-receipt.js';
import { BrokerUserOfAnEngine1764200000000 } from './1764200000000-broker-user-of-an-engine.js';
import { MessageTries1764300000000 } from './1764300000000-message-tries.js';
import { BoundsOfOneHost1764310000000 } from './1764310000000-bounds-of-one-host.js';
import { TimeKnown1764320000000 } from './1764320000000-time-known.js';
import { NarrowRights1764330000000 } from './1764330000000-narrow-rights.js';
import { QueuePassage1764340000000 } from './1764340000000-queue-passage.js';
import { OldAlertsAndOutboxBySource1764350000000 } from './1764350000000-old-alerts-and-outbox-by-source.js';
import { FailedReports1764360000000 } from './1764360000000-failed-reports.js';
import { HintOfASuccess1764365000000 } from './1764365000000-hint-of-a-success.js';
import { OpenRuns1764370000000 } from './1764370000000-open-runs.js';
import { ChangesByEngine1764380000000 } from './1764380000000-changes-by-engine.js';
import { Notifications1764390000000 } from './1764390000000-notifications.js';
import { Heartbeat1764400000000 } from './1764400000000-heartbeat.js';
import { DismissalsAndDeadNotifications1764410000000 } from './1764410000000-dismissals-and-dead-notifications.js';
import { NamesOfDestinations1764420000000 } from './1764420000000-names-of-destinations.js';
import { Traceparent1764430000000 } from './1764430000000-traceparent.js';
import { Incarnation1764440000000 } from './1764440000000-incarnation.js';
import { ConsoleAccess1764450000000 } from './1764450000000-console-access.js';
import { ConsoleBadges1764455000000 } from './1764455000000-console-badges.js';
import { TraceOfAnAlert1764460000000 } from './1764460000000-trace-of-an-alert.js';

/** All migrations, oldest first. Never change a released one; add a new one. */
export const MIGRATIONS = [
  InitialSchema1763856000000,
  Retention1764100000000,
  ReportsByReceipt1764100000001,
  BrokerUserOfAnEngine1764200000000,
  MessageTries1764300000000,
  BoundsOfOneHost1764310000000,
  TimeKnown1764320000000,
  NarrowRights1764330000000,
  QueuePassage1764340000000,
  OldAlertsAndOutboxBySource1764350000000,
  FailedReports1764360000000,
  HintOfASuccess1764365000000,
  OpenRuns1764370000000,
  ChangesByEngine1764380000000,
  Notifications1764390000000,
  Heartbeat1764400000000,
  DismissalsAndDeadNotifications1764410000000,
  NamesOfDestinations1764420000000,
  Traceparent1764430000000,
  Incarnation1764440000000,
  ConsoleAccess1764450000000,
  ConsoleBadges1764455000000,
  TraceOfAnAlert1764460000000,
];

export const MIGRATIONS_TABLE = 'schema_migration';
