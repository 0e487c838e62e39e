import { hoursToMs } from '@backup-awareness/freshness';
import type { BrokerView } from '../installation/broker-session.js';
import { checkTiming } from '../judgement/check-timing.js';
import type { ProductView } from '../judgement/judge-product.js';
import { utc } from '../words/local-time.js';
import type { ActiveAlertRow } from '../state/active-alerts.js';
import type { EngineSituation } from '../state/engine-situations.js';
import type { FailedRun } from '../state/failed-runs.js';
import type { ProductState } from '../state/product-state.js';
import type { ReportWithoutBackup } from '../state/reports-without-backup.js';

/** How things stand, as `status --json` shows it; instants are RFC 3339 in UTC. */
export function statusDocument({ product, broker, services, topology }: ProductView): unknown {
  const { now, time, settings, lastCheck, outbox, engines } = product;
  const periodHours = settings.ok ? settings.value.checkPeriodHours : null;
  const timing = checkTiming(
    now,
    lastCheck?.at ?? null,
    periodHours === null ? null : hoursToMs(periodHours),
  );
  return {
    now: utc(now),
    clock_behind: time.isKnown
      ? null
      : { clock_at: utc(time.clockAt), latest_at: utc(time.latestAt) },
    enabled: settings.ok ? periodHours !== null : null,
    settings_error: settings.ok ? null : settings.invalid.reason,
    check_period_hours: periodHours,
    exclude_mode: product.excludeMode,
    alert_period_days: settings.ok ? settings.value.alertPeriodDays : null,
    checks: !settings.ok ? null : time.isKnown ? timing.kind : time.reason,
    last_check: lastCheck && { ...lastCheck, at: utc(lastCheck.at) },
    next_check_at: time.isKnown && 'nextCheckAt' in timing ? utc(timing.nextCheckAt) : null,
    engines: engines.map((engine) => engineDocument(engine, product)),
    services: services
      ? services.map(({ name, url, isReady, reason }) => ({ name, url, ready: isReady, reason }))
      : null,
    outbox: {
      waiting: outbox.waiting,
      set_aside: outbox.setAside,
      oldest_waiting_at: utc(outbox.oldestWaitingAt),
    },
    broker: broker ? brokerDocument(broker) : null,
    topology: topology ?? null,
  };
}

/** One engine as JSON shows it. */
export function engineDocument(engine: EngineSituation, { now, time }: ProductState) {
  const { freshness, lastFullBackupAt } = engine;
  const ageMs = lastFullBackupAt === null ? null : Math.max(0, now - lastFullBackupAt);
  return {
    fqdn: engine.fqdn,
    watched: engine.retiredAt === null,
    watched_since: utc(engine.watchedSinceAt),
    retired_at: utc(engine.retiredAt),
    verdict: time.isKnown ? (freshness?.verdict ?? null) : 'unknown',
    last_db_success_at: utc(engine.lastDbSuccessAt),
    last_files_success_at: utc(engine.lastFilesSuccessAt),
    last_full_backup_at: utc(lastFullBackupAt),
    age_seconds: ageMs === null ? null : ageMs / 1_000,
    alert_period_days: engine.alertPeriodDays ?? null,
    alert_period_is_own: engine.hasOwnPeriod,
    broker_user: engine.brokerUser,
    active_alerts: engine.activeAlerts.map(alertDocument),
    failed_runs: engine.failedRuns.map(failedRunDocument),
    latest_report: engine.latestReport && latestReportDocument(engine.latestReport),
  };
}

function alertDocument(alert: ActiveAlertRow) {
  return {
    alert_id: alert.alertId,
    alert: alert.alert,
    since: utc(alert.sinceAt),
    raised_at: utc(alert.decidedAt),
    sequence: alert.sequence,
    dismissed_at: utc(alert.dismissedAt),
    dismissed_by: alert.dismissedBy,
    message: alert.message,
  };
}

function failedRunDocument({ scope, failedAt, receivedAt }: FailedRun) {
  return { scope, failed_at: utc(failedAt), received_at: utc(receivedAt) };
}

function latestReportDocument({ scope, status, doneAt, receivedAt }: ReportWithoutBackup) {
  return { scope, status, done_at: utc(doneAt), received_at: utc(receivedAt) };
}

function brokerDocument(broker: BrokerView) {
  if (!broker.isReachable) return { reachable: false, reason: broker.reason };
  const { ingest, audit, ingestDead, auditDead, unrouted } = broker.depths;
  return {
    reachable: true,
    waiting: { ingest, audit },
    dead_letters: { ingest: ingestDead, audit: auditDead },
    unrouted,
  };
}
