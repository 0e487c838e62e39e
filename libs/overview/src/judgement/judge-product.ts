import { isNearlyFull, percentFull } from '@backup-awareness/contracts/plain';
import { hoursToMs } from '@backup-awareness/freshness';
import { isAboutRun } from '../state/active-alerts.js';
import type { Destination } from '../state/destinations.js';
import type { EngineSituation } from '../state/engine-situations.js';
import type { ProductState } from '../state/product-state.js';
import {
  QUEUE_PURPOSES,
  QUEUES,
  type BrokerView,
  type QueueDepths,
  type QueuePurpose,
  type Reachability,
} from '../surroundings/broker.js';
import type { ServiceReadiness } from '../surroundings/services.js';
import type { TopologyView } from '../surroundings/topology.js';
import { checkTiming } from './check-timing.js';
import { failedRunsOfFullBackup } from './failed-runs-of-full-backup.js';
import { finding, type Finding, type FindingOf } from './findings.js';

/** The state of the product, in the terms of monitoring systems. */
export type OverviewState = 'OK' | 'WARNING' | 'CRITICAL' | 'UNKNOWN';

export interface Judgement {
  readonly state: OverviewState;
  /** Every reason, the most severe first. */
  readonly findings: readonly Finding[];
}

/** Everything that a judgement looks at. */
export interface ProductView {
  readonly product: ProductState;
  /** Undefined if no broker is configured. */
  readonly broker: BrokerView | undefined;
  /** Undefined if it is unknown where the services are. */
  readonly services: readonly ServiceReadiness[] | undefined;
  /** Undefined if the broker's management API is not configured. */
  readonly topology?: TopologyView | undefined;
}

const OUTBOX_MAY_WAIT_MS = 60_000;
/** How long a destination may fail before somebody has to look. */
export const DESTINATION_MAY_FAIL_MS = 5 * 60_000;

/** A notifier serves each destination every minute; this long without it means that none runs. */
const DESTINATION_MAY_BE_UNSERVED_MS = 5 * 60_000;

/**
 * Judges the state of the product. With the feature off, or while the time is unknown, it is unknown; otherwise active alerts about freshness
 * come first, dismissed or not, then what makes it unknown, then warnings, among them alerts about runs that do not end.
 */
export function judgeProduct(view: ProductView): Judgement {
  const nothingKnown = nothingKnownFindings(view.product);
  const alerts = alertFindings(view.product);
  const unknown = unknownFindings(view);
  const warnings = warningFindings(view);
  const findings = [...nothingKnown, ...alerts, ...unknown, ...warnings];
  if (nothingKnown.length > 0) return { state: 'UNKNOWN', findings };
  if (alerts.length > 0) return { state: 'CRITICAL', findings };
  if (unknown.length > 0) return { state: 'UNKNOWN', findings };
  if (warnings.length > 0) return { state: 'WARNING', findings };
  return { state: 'OK', findings: [allFresh(view.product)] };
}

/** Why nothing is known at all: the feature is off, or the time is unknown. */
export function nothingKnownFindings({
  settings,
  time,
}: Pick<ProductState, 'settings' | 'time'>): Finding[] {
  return [
    ...(isDisabled({ settings }) ? [finding('disabled', {}, {})] : []),
    ...(time.isKnown
      ? []
      : [finding('clock_behind', {}, { clockAt: time.clockAt, latestAt: time.latestAt })]),
  ];
}

/** Whether no checks are made, by an administrator's setting. */
export function isDisabled({ settings }: Pick<ProductState, 'settings'>): boolean {
  return settings.ok && settings.value.checkPeriodHours === null;
}

function alertFindings({ activeAlerts }: ProductState): Finding[] {
  return activeAlerts
    .filter((alert) => !isAboutRun(alert))
    .map(({ fqdn, alert, sinceAt, dismissedAt }) =>
      finding('alert_active', { fqdn, alert, isDismissed: dismissedAt !== null }, { sinceAt }),
    );
}

function stuckFindings({ activeAlerts }: ProductState): Finding[] {
  return activeAlerts
    .filter(isAboutRun)
    .map(({ fqdn, runId, scopes, sinceAt, dismissedAt }) =>
      finding(
        'backup_stuck',
        { fqdn, runId, scopes: scopes ?? [], isDismissed: dismissedAt !== null },
        { sinceAt },
      ),
    );
}

function unknownFindings({ product, broker }: ProductView): Finding[] {
  const { time } = product;
  const monitored = monitoredEngines(product);
  const unjudgeable = monitored.filter(
    ({ facts, freshness }) => time.isKnown && facts && !freshness,
  );
  return [
    ...checkFindings(product),
    ...futureFindings(product),
    ...unjudgeable.map(({ fqdn }) => finding('engine_unjudgeable', { fqdn }, {})),
    ...brokerFindings(broker),
  ];
}

/** That no report can arrive, because the broker does not answer. */
export function brokerFindings(
  broker: Reachability | undefined,
): FindingOf<'broker_unreachable'>[] {
  if (!broker || broker.isReachable) return [];
  return [finding('broker_unreachable', { host: broker.host, error: broker.error }, {})];
}

/** The successes that lie in the future: one of the clocks is or was wrong. */
export function futureFindings(product: ProductState): FindingOf<'success_in_future'>[] {
  return monitoredEngines(product).flatMap(({ fqdn, freshness }) =>
    freshness?.verdict === 'unknown'
      ? [finding('success_in_future', { fqdn }, { successAt: freshness.successAt })]
      : [],
  );
}

/** Why it is unknown whether checks are made in time, or that they are not. */
export function checkFindings({
  settings,
  now,
  lastCheck,
  time,
}: Pick<ProductState, 'settings' | 'now' | 'time'> & {
  readonly lastCheck: { readonly at: number } | null;
}): Finding[] {
  if (!settings.ok) return [finding('setting_unreadable', { reason: settings.invalid.reason }, {})];
  const { checkPeriodHours } = settings.value;
  if (checkPeriodHours === null || !time.isKnown) return [];
  const timing = checkTiming(now, lastCheck?.at ?? null, hoursToMs(checkPeriodHours));
  if (timing.kind === 'never_checked') return [finding('never_checked', {}, {})];
  return timing.kind === 'overdue'
    ? [finding('check_overdue', {}, { nextCheckAt: timing.nextCheckAt })]
    : [];
}

function monitoredEngines({ engines }: ProductState): EngineSituation[] {
  return engines.filter(({ retiredAt }) => retiredAt === null);
}

function warningFindings({ product, broker, topology, services }: ProductView): Finding[] {
  return [
    ...engineFindings(product),
    ...stuckFindings(product),
    ...failedRunFindings(product),
    ...(product.excludeMode === 'table' ? [finding('exclude_mode_table', {}, {})] : []),
    ...restoredFindings(product),
    ...outboxFindings(product),
    ...destinationFindings(product),
    ...deadLetterFindings({ product, broker }),
    ...(broker?.isReachable ? queueFindings(broker.depths) : []),
    ...(topology ? topologyFindings(topology) : []),
    ...(services ?? []).flatMap(({ name, unready }) =>
      unready ? [finding('service_not_ready', { name, unready }, {})] : [],
    ),
  ];
}

/** Engines that are not fresh and have no alert yet: that became true after the last check. */
function engineFindings(product: ProductState): Finding[] {
  const monitored = monitoredEngines(product);
  if (monitored.length === 0) return [finding('no_monitored_engine', {}, {})];
  if (isDisabled(product)) return [];
  return monitored.flatMap(({ fqdn, freshness, activeAlerts }) => {
    if (!freshness || !('sinceAt' in freshness)) return [];
    if (!activeAlerts.every(isAboutRun)) return [];
    const { verdict, sinceAt } = freshness;
    return [finding('alert_due', { fqdn, verdict }, { sinceAt })];
  });
}

/** A failure matters even while an older full backup is fresh: it is not an alert yet, but will become one. */
function failedRunFindings(product: ProductState): Finding[] {
  return monitoredEngines(product)
    .flatMap(failedRunsOfFullBackup)
    .map(({ fqdn, scope, failedAt }) =>
      finding('latest_run_failed', { fqdn, scope }, { failedAt }),
    );
}

/** How long it is a warning that the database was restored: until then every engine should have reported again. */
const RESTORED_WARNING_MS = 7 * 24 * 3_600_000;

/** That the database was restored from an older copy, so that reports and changes are missing. */
export function restoredFindings({
  restored,
  now,
}: Pick<ProductState, 'restored' | 'now'>): FindingOf<'database_restored'>[] {
  if (restored === null || now - restored.at > RESTORED_WARNING_MS) return [];
  const { at: restoredAt, copiedAt } = restored;
  return [finding('database_restored', { copiedAt }, { restoredAt })];
}

/** What waits in the outbox for too long. */
export function outboxFindings({ outbox, now }: Pick<ProductState, 'outbox' | 'now'>): Finding[] {
  const { setAside, waiting, oldestWaitingAt } = outbox;
  const waitsLong = oldestWaitingAt !== null && now - oldestWaitingAt > OUTBOX_MAY_WAIT_MS;
  return [
    ...(setAside > 0 ? [finding('events_set_aside', { count: setAside }, {})] : []),
    ...(waitsLong
      ? [finding('events_pending', { count: waiting }, { oldestPendingAt: oldestWaitingAt })]
      : []),
  ];
}

/** Destinations that learn of no alert: no notifier serves them, or what they are sent has failed for some time. */
export function destinationFindings(
  product: Pick<ProductState, 'destinations' | 'now'>,
): Finding[] {
  return [
    ...unservedDestinations(product),
    ...failingDestinations(product).filter(
      ({ instants }) => product.now - instants.failingSince >= DESTINATION_MAY_FAIL_MS,
    ),
  ];
}

/** Destinations that no notifier serves: nobody there learns of an alert, and nobody is told so. */
export function unservedDestinations({
  destinations,
  now,
}: Pick<ProductState, 'destinations' | 'now'>): FindingOf<'destination_unserved'>[] {
  return destinations
    .filter((one) => isUnserved(one, now))
    .map(({ destination, seenAt }) => finding('destination_unserved', { destination }, { seenAt }));
}

/** Destinations that a notifier serves, without success. */
export function failingDestinations({
  destinations,
  now,
}: Pick<ProductState, 'destinations' | 'now'>): FindingOf<'destination_failing'>[] {
  return destinations.flatMap(({ destination, error, failingSince, seenAt }) =>
    failingSince === null || isUnserved({ seenAt }, now)
      ? []
      : [finding('destination_failing', { destination, error }, { failingSince })],
  );
}

/** Whether no notifier serves a destination. An instant ahead of now is from before the clock was put back, and proves nothing either. */
export function isUnserved({ seenAt }: Pick<Destination, 'seenAt'>, now: number): boolean {
  return Math.abs(now - seenAt) > DESTINATION_MAY_BE_UNSERVED_MS;
}

/** At the broker, and those that no destination of notifications accepted. */
function deadLetterFindings({ product, broker }: Pick<ProductView, 'product' | 'broker'>) {
  const { ingestDead, auditDead }: Partial<QueueDepths> = broker?.isReachable ? broker.depths : {};
  const count = product.undelivered + (ingestDead ?? 0) + (auditDead ?? 0);
  return count > 0 ? [finding('dead_letters', { count }, {})] : [];
}

function queueFindings(depths: QueueDepths): Finding[] {
  const unrouted = depths.unrouted ?? 0;
  return [
    ...(unrouted > 0 ? [finding('unrouted', { count: unrouted }, {})] : []),
    ...fillingQueues(depths),
    ...QUEUE_PURPOSES.filter((purpose) => depths[purpose] === null).map((purpose) =>
      finding('queue_missing', { queue: QUEUES[purpose] }, {}),
    ),
  ];
}

/** The queues that nobody consumes; beyond their bounds the broker drops messages. */
const KEPT: readonly QueuePurpose[] = ['ingestDead', 'auditDead', 'unrouted'];

/** Those of them that are nearly full. */
export function fillingQueues(depths: QueueDepths): FindingOf<'queue_filling'>[] {
  return KEPT.map((purpose) => ({
    queue: QUEUES[purpose],
    percent: percentFull({ messages: depths[purpose] ?? 0 }),
  }))
    .filter(({ percent }) => isNearlyFull(percent))
    .map((parameters) => finding('queue_filling', parameters, {}));
}

function topologyFindings(topology: TopologyView): Finding[] {
  if (!topology.isKnown) return [finding('topology_unknown', { error: topology.error }, {})];
  return [
    ...topology.differences.map((difference) => finding('topology_differs', { difference }, {})),
    ...topology.warnings.map((warning) => finding('topology_warning', { warning }, {})),
  ];
}

function allFresh(product: ProductState): Finding {
  const monitored = monitoredEngines(product);
  const ages = monitored.flatMap(({ freshness }) =>
    freshness?.verdict === 'fresh' ? [freshness.ageMs] : [],
  );
  return finding('all_fresh', { engines: monitored.length, oldestAgeMs: Math.max(...ages) }, {});
}
