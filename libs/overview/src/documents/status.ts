import { hoursToMs } from '@backup-awareness/freshness';
import { z } from 'zod';
import { checkTiming } from '../judgement/check-timing.js';
import type { ProductView } from '../judgement/judge-product.js';
import type { BrokerView } from '../surroundings/broker.js';
import { engineFields, engineSchema } from './engine.js';
import { instant, utc } from './fields.js';

const depth = z.int().nullable();

const brokerSchema = z.discriminatedUnion('reachable', [
  z.strictObject({ reachable: z.literal(false), reason: z.string() }),
  z.strictObject({
    reachable: z.literal(true),
    waiting: z.strictObject({ ingest: depth, audit: depth }),
    dead_letters: z.strictObject({ ingest: depth, audit: depth }),
    unrouted: depth,
  }),
]);

/** `status --json`: the state of the product. */
export const statusSchema = z.strictObject({
  now: instant,
  /** Null while the time is known. */
  clock_behind: z.strictObject({ clock_at: instant, latest_at: instant }).nullable(),
  /** Null if the settings cannot be read, as everything that depends on them. */
  enabled: z.boolean().nullable(),
  settings_error: z.string().nullable(),
  check_period_hours: z.number().nullable(),
  exclude_mode: z.string(),
  alert_period_days: z.number().nullable(),
  /** Null also if alerts about runs are disabled. */
  stuck_after_hours: z.number().nullable(),
  checks: z.enum(['disabled', 'never_checked', 'in_time', 'overdue', 'clock_behind']).nullable(),
  last_check: z
    .strictObject({ at: instant, engines: z.int(), raised: z.int(), cleared: z.int() })
    .nullable(),
  next_check_at: instant.nullable(),
  engines: z.array(engineSchema),
  /** Null if it is unknown where the services are. */
  services: z
    .array(
      z.strictObject({
        name: z.string(),
        url: z.string(),
        ready: z.boolean(),
        reason: z.string().nullable(),
      }),
    )
    .nullable(),
  outbox: z.strictObject({
    waiting: z.int(),
    set_aside: z.int(),
    oldest_waiting_at: instant.nullable(),
  }),
  /** Where people are notified. */
  destinations: z.array(
    z.strictObject({
      destination: z.string(),
      /** When a notifier last served it. */
      seen_at: instant,
      failing_since: instant.nullable(),
      error: z.string().nullable(),
    }),
  ),
  /** Events that a destination of notifications did not accept for three days. */
  undelivered: z.int(),
  /** When the database was last found to be a restored copy, and when that copy had last published. */
  restored: z.strictObject({ at: instant, copied_at: instant.nullable() }).nullable(),
  broker: brokerSchema.nullable(),
  topology: z.array(z.string()).nullable(),
});

export type StatusDocument = z.infer<typeof statusSchema>;

/** The sentences of a document; words are made where it is shown. */
export interface StatusSentences {
  /** Why the broker cannot be reached. */
  readonly broker: string | null;
  /** Why a service is not ready, by its name. */
  readonly services: Readonly<Record<string, string | null>>;
  /** What differs at the broker; null if it was not compared. */
  readonly topology: readonly string[] | null;
}

/** The state of the product as a document. */
export function statusDocument(view: ProductView, sentences: StatusSentences): StatusDocument {
  const { product, broker, services } = view;
  const { now, time, settings, lastCheck, outbox, engines } = product;
  const periodHours = settings.ok ? settings.value.checkPeriodHours : null;
  const periodMs = periodHours === null ? null : hoursToMs(periodHours);
  const timing = checkTiming(now, lastCheck?.at ?? null, periodMs);
  return statusSchema.parse({
    now: utc(now),
    clock_behind: time.isKnown
      ? null
      : { clock_at: utc(time.clockAt), latest_at: utc(time.latestAt) },
    enabled: settings.ok ? periodHours !== null : null,
    settings_error: settings.ok ? null : settings.invalid.reason,
    check_period_hours: periodHours,
    exclude_mode: product.excludeMode,
    alert_period_days: settings.ok ? settings.value.alertPeriodDays : null,
    stuck_after_hours: settings.ok ? settings.value.stuckAfterHours : null,
    checks: !settings.ok ? null : time.isKnown ? timing.kind : time.reason,
    last_check: lastCheck && { ...lastCheck, at: utc(lastCheck.at) },
    next_check_at: time.isKnown && 'nextCheckAt' in timing ? utc(timing.nextCheckAt) : null,
    engines: engines.map((engine) => engineFields(engine, product)),
    services:
      services?.map(({ name, url, unready }) => {
        return { name, url, ready: !unready, reason: sentences.services[name] ?? null };
      }) ?? null,
    outbox: {
      waiting: outbox.waiting,
      set_aside: outbox.setAside,
      oldest_waiting_at: utc(outbox.oldestWaitingAt),
    },
    destinations: product.destinations.map(({ destination, seenAt, failingSince, error }) => ({
      destination,
      seen_at: utc(seenAt),
      failing_since: utc(failingSince),
      error: error === '' ? null : error,
    })),
    undelivered: product.undelivered,
    restored: product.restored && {
      at: utc(product.restored.at),
      copied_at: utc(product.restored.copiedAt),
    },
    broker: broker ? brokerFields(broker, sentences.broker) : null,
    topology: sentences.topology,
  });
}

function brokerFields(broker: BrokerView, reason: string | null): object {
  if (!broker.isReachable) return { reachable: false, reason };
  const { ingest, audit, ingestDead, auditDead, unrouted } = broker.depths;
  return {
    reachable: true,
    waiting: { ingest, audit },
    dead_letters: { ingest: ingestDead, audit: auditDead },
    unrouted,
  };
}
