import { isAboutRun } from '../state/active-alerts.js';
import { hasFailedLatestRun } from './failed-runs-of-full-backup.js';
import { fleetFigures } from './fleet.js';
import type { ProductView } from './judge-product.js';

/** A figure for a monitoring system. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit?: 's';
  /** A warning above this value. */
  readonly warnAbove?: number;
  readonly criticalAbove?: number;
}

/** Figures about the product; unknown ones are left out. */
export function figuresOf({ product, broker, services }: ProductView): Figure[] {
  const { now, engines, activeAlerts, outbox, lastCheck } = product;
  const monitored = engines.filter(({ retiredAt }) => retiredAt === null);
  const verdicts = fleetFigures(product).engines;
  const stuck = activeAlerts.filter(isAboutRun).length;
  const ages = monitored.flatMap(({ lastFullBackupAt }) =>
    lastFullBackupAt === null ? [] : [Math.max(0, now - lastFullBackupAt)],
  );
  return [
    { name: 'engines', value: monitored.length },
    { name: 'fresh', value: verdicts.fresh },
    { name: 'no_full_backup', value: verdicts.no_full_backup },
    { name: 'too_old', value: verdicts.too_old },
    { name: 'unknown', value: verdicts.unknown },
    { name: 'alerts', value: activeAlerts.length - stuck, criticalAbove: 0 },
    { name: 'stuck', value: stuck, warnAbove: 0 },
    {
      name: 'alerts_dismissed',
      value: activeAlerts.filter(({ dismissedAt }) => dismissedAt !== null).length,
    },
    ...(ages.length > 0 ? [seconds('oldest_full_backup', Math.max(...ages))] : []),
    ...(lastCheck ? [seconds('last_check', Math.max(0, now - lastCheck.at))] : []),
    { name: 'latest_run_failed', value: engines.filter(hasFailedLatestRun).length, warnAbove: 0 },
    { name: 'outbox_waiting', value: outbox.waiting },
    { name: 'outbox_set_aside', value: outbox.setAside, warnAbove: 0 },
    { name: 'dead_letters_notifications', value: product.undelivered, warnAbove: 0 },
    ...(broker?.isReachable
      ? [
          ...known('dead_letters_ingest', broker.depths.ingestDead),
          ...known('dead_letters_audit', broker.depths.auditDead),
          ...known('unrouted', broker.depths.unrouted),
        ]
      : []),
    ...(services
      ? known('services_not_ready', services.filter(({ unready }) => unready).length)
      : []),
  ];
}

function known(name: string, value: number | null): Figure[] {
  return value === null ? [] : [{ name, value, warnAbove: 0 }];
}

function seconds(name: string, ageMs: number): Figure {
  return { name, value: Math.floor(ageMs / 1_000), unit: 's' };
}
