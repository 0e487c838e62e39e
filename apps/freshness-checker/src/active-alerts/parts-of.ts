import {
  ACTIVE_ALERTS_AT_ONCE,
  backupAlertRaised,
  cloudEventOf,
  type ActiveAlertsPart,
} from '@backup-awareness/contracts';
import { instant } from '../alert-events.js';
import type { ActiveAlert, EngineAlerts } from './read-active-alerts.js';

/**
 * The answer about these engines in parts of at most 500 alerts and 500 engines, at least one. What belongs to one engine is in one
 * part, however many alerts about runs it has.
 */
export function partsOf(engines: readonly EngineAlerts[]): ActiveAlertsPart[] {
  const parts = chunks(engines);
  return parts.map((part, at) => ({
    alerts: part.flatMap(({ alerts }) => alerts.map(raisedBy)),
    sequence: Object.fromEntries(part.map(({ fqdn, lastSequence }) => [fqdn, lastSequence])),
    part: at + 1,
    last: at + 1 === parts.length,
  }));
}

function chunks(engines: readonly EngineAlerts[]): EngineAlerts[][] {
  const all: EngineAlerts[][] = [[]];
  let alerts = 0;
  for (const engine of engines) {
    const current = all.at(-1)!;
    const isFull =
      current.length === ACTIVE_ALERTS_AT_ONCE ||
      (current.length > 0 && alerts + engine.alerts.length > ACTIVE_ALERTS_AT_ONCE);
    if (isFull) {
      all.push([engine]);
      alerts = engine.alerts.length;
    } else {
      current.push(engine);
      alerts += engine.alerts.length;
    }
  }
  return all;
}

/** The very event that raised it. */
function raisedBy(alert: ActiveAlert): Record<string, unknown> {
  const event = backupAlertRaised({
    alert_id: alert.alertId,
    alert: alert.alert,
    fqdn: alert.fqdn,
    ...(alert.scopes !== null && {
      ...(alert.runId !== null && { run_id: alert.runId }),
      scopes: [...alert.scopes],
    }),
    since: instant(alert.sinceAt),
    decided_at: instant(alert.decidedAt),
    last_full_backup_at: alert.lastFullBackupAt === null ? null : instant(alert.lastFullBackupAt),
    alert_period_days: alert.alertPeriodDays,
    sequence: alert.sequence,
    message: alert.message,
  });
  return { ...cloudEventOf({ ...event, traceparent: alert.traceparent }) };
}
