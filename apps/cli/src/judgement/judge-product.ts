import {
  AUDIT_QUEUE,
  deadLetterQueue,
  fullnessWarning,
  INGEST_QUEUE,
  UNROUTED_QUEUE,
} from '@backup-awareness/contracts';
import { hoursToMs, type DecidingTime } from '@backup-awareness/freshness';
import type { BrokerView, QueueDepths } from '../installation/broker-session.js';
import { checkTiming } from './check-timing.js';
import {
  failedRunsInWords,
  freshnessInWords,
  hasFailedLatestRun,
} from '../words/engine-in-words.js';
import { excludeModeWarning } from '../words/exclude-mode-warning.js';
import { localTime } from '../words/local-time.js';
import type { ActiveAlertRow } from '../state/active-alerts.js';
import type { ProductState } from '../state/product-state.js';
import type { ServiceReadiness } from '../surroundings/service-readiness.js';

/** The states that a monitoring system knows; its number is the plugin's exit code. */
export const PLUGIN_STATES = { OK: 0, WARNING: 1, CRITICAL: 2, UNKNOWN: 3 } as const;
export type PluginState = keyof typeof PLUGIN_STATES;

export interface Judgement {
  readonly state: PluginState;
  /** Every reason, the gravest first. */
  readonly reasons: readonly string[];
}

export interface ProductView {
  readonly product: ProductState;
  /** Undefined where nothing tells of one. */
  readonly broker: BrokerView | undefined;
  readonly services: readonly ServiceReadiness[] | undefined;
  /** What is wrong with how things are made at the broker; undefined where its management API is not known. */
  readonly topology?: readonly string[] | undefined;
}

const OUTBOX_MAY_WAIT_MS = 60_000;

/**
 * Judges how things stand. With the feature off, or while the time is unknown, nothing is known; otherwise an active alert,
 * dismissed or not, comes first, then what makes the answer unknown, then warnings.
 */
export function judgeProduct(view: ProductView): Judgement {
  const { product } = view;
  const nothingKnown = [
    ...(isDisabled(product) ? ['the feature is disabled (BackupCheckPeriodInHours is -1)'] : []),
    ...(product.time.isKnown ? [] : [clockBehind(product.time)]),
  ];
  const alerts = alertReasons(product);
  const unknown = unknownReasons(view);
  const warnings = warningReasons(view);
  const reasons = [...nothingKnown, ...alerts, ...unknown, ...warnings];
  if (nothingKnown.length > 0) return { state: 'UNKNOWN', reasons };
  if (alerts.length > 0) return { state: 'CRITICAL', reasons };
  if (unknown.length > 0) return { state: 'UNKNOWN', reasons };
  if (warnings.length > 0) return { state: 'WARNING', reasons };
  return { state: 'OK', reasons: [allFresh(product)] };
}

function isDisabled({ settings }: ProductState): boolean {
  return settings.ok && settings.value.checkPeriodHours === null;
}

/** Why nothing is decided, and what to do about it. */
export function clockBehind({
  clockAt,
  latestAt,
}: Extract<DecidingTime, { isKnown: false }>): string {
  return (
    `nothing is decided: the database's clock (${localTime(clockAt)}) is behind the latest decision (${localTime(latestAt)}); ` +
    'correct it, or run backup-awareness clock accept if it is right now'
  );
}

const NAMES_MAX = 3;

/** The first few of many, and how many more there are. */
function some(all: readonly string[]): string {
  const more = all.length - NAMES_MAX;
  const shown = all.slice(0, NAMES_MAX).join(', ');
  return more > 0 ? `${shown} and ${more} more` : shown;
}

function alertReasons({ activeAlerts }: ProductState): string[] {
  if (activeAlerts.length === 0) return [];
  const count = activeAlerts.length === 1 ? '1 alert' : `${activeAlerts.length} alerts`;
  return [`${count}: ${some(activeAlerts.map(alertInShort))}`];
}

const WHAT: Readonly<Record<string, string>> = {
  ENGINE_NO_FULL_BACKUP: 'has no full backup',
  ENGINE_NO_WARM_BACKUP: 'has a full backup that is too old',
  ENGINE_BACKUP_STUCK: 'has a backup that does not end',
};

function alertInShort({ fqdn, alert, sinceAt, dismissedAt }: ActiveAlertRow): string {
  const dismissed = dismissedAt === null ? '' : ' (dismissed)';
  return `${fqdn} ${WHAT[alert] ?? alert} since ${localTime(sinceAt)}${dismissed}`;
}

function unknownReasons({ product, broker }: ProductView): string[] {
  const { settings, now, lastCheck, time } = product;
  const reasons: string[] = [];
  if (!settings.ok) {
    reasons.push(`nothing is decided, a setting cannot be read: ${settings.invalid.reason}`);
  } else if (settings.value.checkPeriodHours !== null && time.isKnown) {
    const periodMs = hoursToMs(settings.value.checkPeriodHours);
    const timing = checkTiming(now, lastCheck?.at ?? null, periodMs);
    if (timing.kind === 'never_checked') reasons.push('no check has been made yet');
    if (timing.kind === 'overdue')
      reasons.push(`the check of ${localTime(timing.nextCheckAt)} has not been made`);
  }
  const watched = product.engines.filter(({ retiredAt }) => retiredAt === null);
  const ahead = watched.filter(({ freshness }) => freshness?.verdict === 'unknown');
  if (ahead.length > 0)
    reasons.push(
      `${ahead.length} unknown, with a success in the future: ${some(ahead.map(({ fqdn }) => fqdn))} (backup-awareness clock accept discounts it)`,
    );
  const unjudged = watched.filter(({ facts, freshness }) => time.isKnown && facts && !freshness);
  if (unjudged.length > 0)
    reasons.push(`cannot be judged: ${some(unjudged.map(({ fqdn }) => fqdn))}`);
  if (broker && !broker.isReachable) reasons.push(broker.reason);
  return reasons;
}

function warningReasons(view: ProductView): string[] {
  return [
    ...engineWarnings(view.product),
    ...failedRunWarnings(view.product),
    ...[excludeModeWarning(view.product.excludeMode)].filter((warning) => warning !== undefined),
    ...outboxWarnings(view.product),
    ...brokerWarnings(view.broker),
    ...(view.topology ?? []),
    ...serviceWarnings(view.services ?? []),
  ];
}

/** What is not fresh and has no alert yet, since it came up after the last check. */
function engineWarnings({ engines, now }: ProductState): string[] {
  const watched = engines.filter(({ retiredAt }) => retiredAt === null);
  if (watched.length === 0) return ['no engine is watched'];
  const notYet = watched.filter(
    ({ freshness, activeAlerts }) =>
      freshness && 'sinceAt' in freshness && activeAlerts.length === 0,
  );
  if (notYet.length === 0) return [];
  const names = notYet.map(
    ({ fqdn, freshness }) => `${fqdn} (${freshnessInWords(freshness, now)})`,
  );
  return [`an alert is due at the next check: ${some(names)}`];
}

/** A failure is told though an older full backup is fresh: it is no alert yet, and will be one. */
function failedRunWarnings({ engines, now }: ProductState): string[] {
  const failed = engines.filter(hasFailedLatestRun);
  if (failed.length === 0) return [];
  const names = failed.map((engine) => `${engine.fqdn} (${failedRunsInWords(engine, now)})`);
  return [`the latest run failed: ${some(names)}; backup-awareness explain FQDN shows why`];
}

function outboxWarnings({ outbox, now }: ProductState): string[] {
  const { setAside, oldestWaitingAt } = outbox;
  const waitsLong = oldestWaitingAt !== null && now - oldestWaitingAt > OUTBOX_MAY_WAIT_MS;
  return [
    ...(setAside > 0 ? [`${events(setAside)} set aside, which could not be published`] : []),
    ...(waitsLong ? [`events wait to be published since ${localTime(oldestWaitingAt)}`] : []),
  ];
}

function events(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

function brokerWarnings(broker: BrokerView | undefined): string[] {
  if (!broker?.isReachable) return [];
  const { ingestDead, auditDead, unrouted } = broker.depths;
  const dead = (ingestDead ?? 0) + (auditDead ?? 0);
  return [
    ...(dead > 0 ? [`${dead} dead ${dead === 1 ? 'letter' : 'letters'}`] : []),
    ...((unrouted ?? 0) > 0 ? [`${unrouted} unrouted`] : []),
    ...fullQueues(broker.depths),
    ...(Object.values(broker.depths).includes(null)
      ? ['a queue is missing (backup-awareness topology verify)']
      : []),
  ];
}

export function fullQueues({ ingestDead, auditDead, unrouted }: QueueDepths): string[] {
  const depths = [
    [deadLetterQueue(INGEST_QUEUE), ingestDead],
    [deadLetterQueue(AUDIT_QUEUE), auditDead],
    [UNROUTED_QUEUE, unrouted],
  ] as const;
  return depths
    .map(([queue, messages]) => fullnessWarning(queue, { messages: messages ?? 0 }))
    .filter((warning) => warning !== undefined);
}

function serviceWarnings(services: readonly ServiceReadiness[]): string[] {
  return services
    .filter(({ isReady }) => !isReady)
    .map(({ name, reason }) => `${name} is not ready: ${reason}`);
}

function allFresh({ engines, now }: ProductState): string {
  const watched = engines.filter(({ retiredAt }) => retiredAt === null);
  const oldest = watched
    .flatMap(({ freshness }) => (freshness?.verdict === 'fresh' ? [freshness] : []))
    .reduce((a, b) => (a.ageMs >= b.ageMs ? a : b));
  const count =
    watched.length === 1
      ? '1 engine has a fresh full backup'
      : `${watched.length} engines have a fresh full backup`;
  return `${count}, the oldest ${freshnessInWords(oldest, now).replace('fresh, ', 'is ')}`;
}
