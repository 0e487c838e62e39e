import {
  daysToMs,
  judgeFreshness,
  NO_ALERT_YET,
  type EngineAlertState,
  type FreshnessAlert,
} from '@backup-awareness/freshness';
import type { ProductView } from '../judgement/judge-product.js';
import { isAboutRun, type ActiveAlertRow } from '../state/active-alerts.js';
import type { EngineSituation } from '../state/engine-situations.js';
import type { ProductState } from '../state/product-state.js';

export const HOUR_MS = 3_600_000;
export const NOW = Date.UTC(2026, 10, 23, 12);

/** An engine whose last full backup is an hour old, with a maximum age of one day, except for the fields given. */
export function exampleEngine(fields: Partial<EngineSituation> = {}): EngineSituation {
  const lastDbSuccessAt =
    fields.lastDbSuccessAt === undefined ? NOW - HOUR_MS : fields.lastDbSuccessAt;
  const facts = {
    fqdn: 'engine.example.com',
    watchedSinceAt: NOW - 100 * HOUR_MS,
    retired: (fields.retiredAt ?? null) !== null,
    lastDbSuccessAt,
    lastFilesSuccessAt: lastDbSuccessAt,
    alertPeriodMs: 24 * HOUR_MS,
    alertPeriodChangedAt: null,
  };
  return {
    fqdn: facts.fqdn,
    retiredAt: null,
    alertPeriodDays: 1,
    hasOwnPeriod: false,
    brokerUser: null,
    watchedSinceAt: facts.watchedSinceAt,
    lastDbSuccessAt,
    lastFilesSuccessAt: lastDbSuccessAt,
    lastFullBackupAt: lastDbSuccessAt,
    facts,
    freshness: judgeFreshness(facts, NOW),
    isChanged: false,
    state: stateOf(fields.activeAlerts ?? []),
    activeAlerts: [],
    failedRuns: [],
    latestReport: null,
    ...fields,
  };
}

/** The state of an engine with at most one alert of freshness. */
function stateOf(alerts: readonly ActiveAlertRow[]): EngineAlertState {
  const alert = alerts.find((one) => !isAboutRun(one));
  if (!alert) return NO_ALERT_YET;
  const { alertPeriodDays, sequence, ...raised } = alert;
  const active = {
    ...raised,
    alert: alert.alert as FreshnessAlert,
    alertPeriodMs: daysToMs(alertPeriodDays),
    sequence,
  };
  return { active, lastSequence: sequence };
}

/** An alert of that engine, raised an hour ago, except for the fields given. */
export function exampleAlert(fields: Partial<ActiveAlertRow> = {}): ActiveAlertRow {
  return {
    fqdn: 'engine.example.com',
    alertId: '01900000-0000-7000-8000-000000000001',
    alert: 'ENGINE_NO_FULL_BACKUP',
    runId: null,
    scopes: null,
    sinceAt: NOW - HOUR_MS,
    decidedAt: NOW - HOUR_MS,
    lastFullBackupAt: null,
    alertPeriodDays: 1,
    sequence: 1,
    message: 'engine.example.com has no full backup',
    dismissedAt: null,
    dismissedBy: null,
    ...fields,
  };
}

/** A product without any problem, except for the fields given. */
export function exampleProduct(fields: Partial<ProductState> = {}): ProductState {
  return {
    now: NOW,
    time: { isKnown: true, now: NOW },
    settings: { ok: true, value: { checkPeriodHours: 6, alertPeriodDays: 1, stuckAfterHours: 12 } },
    excludeMode: 'data',
    lastCheck: { at: NOW - HOUR_MS, engines: 1, raised: 0, cleared: 0 },
    destinations: [],
    outbox: { waiting: 0, setAside: 0, oldestWaitingAt: null },
    restored: null,
    undelivered: 0,
    engines: [exampleEngine()],
    activeAlerts: [],
    ...fields,
  };
}

export function exampleView(
  product: Partial<ProductState> = {},
  fields: Partial<ProductView> = {},
): ProductView {
  return {
    product: exampleProduct(product),
    broker: {
      isReachable: true,
      depths: { ingest: 0, audit: 0, ingestDead: 0, auditDead: 0, unrouted: 0 },
    },
    services: [{ name: 'ingest', url: 'http://ingest', unready: null }],
    ...fields,
  };
}

/** An alert about a run of that engine that has not ended for 13 hours. */
export function exampleStuckAlert(fields: Partial<ActiveAlertRow> = {}): ActiveAlertRow {
  return exampleAlert({
    alertId: '01900000-0000-7000-8000-000000000002',
    alert: 'ENGINE_BACKUP_STUCK',
    runId: 'run-1',
    scopes: ['db', 'files'],
    sinceAt: NOW - 13 * HOUR_MS,
    ...fields,
  });
}
