import { z } from 'zod';
import { turnsTooOldAt } from '../judgement/fleet-overview.js';
import type { EnginesPage } from '../judgement/engines-page.js';
import type { FleetEngine } from '../state/engine-situations.js';
import type { FleetState } from '../state/product-state.js';
import { activeAlertSchema, alertFields } from './engine.js';
import { instant, utc } from './fields.js';

/** One engine in a list of the console. */
export const engineItemSchema = z
  .strictObject({
    fqdn: z.string(),
    /** `unknown` also if it cannot be judged. */
    verdict: z.enum(['fresh', 'too_old', 'no_full_backup', 'unknown', 'retired']),
    last_full_backup_at: instant.nullable(),
    age_seconds: z.number().nullable(),
    alert_period_days: z.number().nullable(),
    /** Null unless it is fresh. */
    turns_too_old_at: instant.nullable(),
    /** Of db and files the older one; null without a full backup. */
    short_scope: z.enum(['db', 'files']).nullable(),
    active_alerts: z.array(activeAlertSchema),
    broker_user: z.string().nullable(),
    watched_since: instant,
  })
  .meta({ id: 'EngineItem' });

/** `GET /engines`. */
export const enginesPageSchema = z
  .strictObject({
    items: z.array(engineItemSchema),
    /** For `cursor` of the next page; null on the last one. */
    next_cursor: z.string().nullable(),
    /** Of all pages. */
    total: z.int(),
  })
  .meta({ id: 'EnginesPage' });

export type EnginesPageDocument = z.infer<typeof enginesPageSchema>;

/** @param nextCursor the next page's place as text */
export function enginesPageDocument(
  { items, total }: EnginesPage,
  fleet: FleetState,
  nextCursor: string | null,
): EnginesPageDocument {
  return enginesPageSchema.parse({
    items: items.map((engine) => engineItem(engine, fleet)),
    next_cursor: nextCursor,
    total,
  });
}

/** Not yet validated. */
export function engineItem(
  engine: FleetEngine,
  { now, time }: Pick<FleetState, 'now' | 'time'>,
): object {
  const { lastFullBackupAt, lastDbSuccessAt, freshness, retiredAt } = engine;
  const verdict = time.isKnown ? (freshness?.verdict ?? 'unknown') : 'unknown';
  return {
    fqdn: engine.fqdn,
    verdict: retiredAt === null ? verdict : 'retired',
    last_full_backup_at: utc(lastFullBackupAt),
    age_seconds: lastFullBackupAt === null ? null : Math.max(0, now - lastFullBackupAt) / 1_000,
    alert_period_days: engine.alertPeriodDays ?? null,
    turns_too_old_at: retiredAt === null ? utc(turnsTooOldAt(engine)) : null,
    short_scope:
      lastFullBackupAt === null ? null : lastDbSuccessAt === lastFullBackupAt ? 'db' : 'files',
    active_alerts: engine.activeAlerts.map(alertFields),
    broker_user: engine.brokerUser,
    watched_since: utc(engine.watchedSinceAt),
  };
}
