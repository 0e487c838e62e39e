import {
  PLUGIN_STATES,
  type Judgement,
  type PluginState,
  type ProductView,
} from '../judgement/judge-product.js';
import { hasFailedLatestRun } from './engine-in-words.js';
import { visible } from '../output/visible-text.js';

/** A figure that a monitoring system keeps, in the terms of the Nagios plugin format. */
export interface PerformanceFigure {
  readonly name: string;
  readonly value: number;
  readonly unit?: 's';
  /** Above it is a warning. */
  readonly warnAbove?: number;
  readonly criticalAbove?: number;
}

/** Figures of which nothing is known are left out. */
export function performanceFigures({
  product,
  broker,
  services,
}: ProductView): PerformanceFigure[] {
  const { now, engines, activeAlerts, outbox, lastCheck } = product;
  const watched = engines.filter(({ retiredAt }) => retiredAt === null);
  const verdict = (wanted: string) =>
    watched.filter(({ freshness }) => freshness?.verdict === wanted).length;
  const ages = watched.flatMap(({ lastFullBackupAt }) =>
    lastFullBackupAt === null ? [] : [Math.max(0, now - lastFullBackupAt)],
  );
  return [
    { name: 'engines', value: watched.length },
    { name: 'fresh', value: verdict('fresh') },
    { name: 'no_full_backup', value: verdict('no_full_backup') },
    { name: 'too_old', value: verdict('too_old') },
    { name: 'unknown', value: product.time.isKnown ? verdict('unknown') : watched.length },
    { name: 'alerts', value: activeAlerts.length, criticalAbove: 0 },
    {
      name: 'alerts_dismissed',
      value: activeAlerts.filter(({ dismissedAt }) => dismissedAt !== null).length,
    },
    ...(ages.length > 0 ? [seconds('oldest_full_backup', Math.max(...ages))] : []),
    ...(lastCheck ? [seconds('last_check', Math.max(0, now - lastCheck.at))] : []),
    {
      name: 'latest_run_failed',
      value: engines.filter(hasFailedLatestRun).length,
      warnAbove: 0,
    },
    { name: 'outbox_waiting', value: outbox.waiting },
    { name: 'outbox_set_aside', value: outbox.setAside, warnAbove: 0 },
    ...(broker?.isReachable
      ? [
          ...known('dead_letters_ingest', broker.depths.ingestDead),
          ...known('dead_letters_audit', broker.depths.auditDead),
          ...known('unrouted', broker.depths.unrouted),
        ]
      : []),
    ...(services
      ? [
          {
            name: 'services_not_ready',
            value: services.filter(({ isReady }) => !isReady).length,
            warnAbove: 0,
          },
        ]
      : []),
  ];
}

function known(name: string, value: number | null): PerformanceFigure[] {
  return value === null ? [] : [{ name, value, warnAbove: 0 }];
}

function seconds(name: string, ageMs: number): PerformanceFigure {
  return { name, value: Math.floor(ageMs / 1_000), unit: 's' };
}

/** What a plugin prints: one line of text, a bar, and the figures as `name=value[unit];warn;crit;min`. */
export function pluginLine(
  { state, reasons }: Judgement,
  figures: readonly PerformanceFigure[],
): string {
  // The bar ends the text, wherever it stands.
  const text = visible(reasons.join('; ')).replaceAll('|', '/');
  const performance = figures.map(
    ({ name, value, unit = '', warnAbove = '', criticalAbove = '' }) =>
      `${name}=${value}${unit};${warnAbove};${criticalAbove};0`,
  );
  const line = `BACKUP ${state} - ${text}`;
  return performance.length > 0 ? `${line} | ${performance.join(' ')}` : line;
}

export function pluginDocument(
  { state, reasons }: Judgement,
  figures: readonly PerformanceFigure[],
): unknown {
  return {
    state,
    exit_code: PLUGIN_STATES[state],
    reasons,
    figures: Object.fromEntries(figures.map(({ name, value }) => [name, value])),
  };
}

/** Where nothing could be looked at. */
export function unknownBecause(reason: string): Judgement {
  const state: PluginState = 'UNKNOWN';
  return { state, reasons: [reason] };
}
