import { AUDIT_QUEUE, INGEST_QUEUE } from '@backup-awareness/contracts/plain';
import { hoursToMs } from '@backup-awareness/freshness';
import { z } from 'zod';
import { checkTiming } from '../judgement/check-timing.js';
import { isUnserved, outboxFindings } from '../judgement/judge-product.js';
import type { SystemState } from '../state/system-state.js';
import type { QueueLook } from '../surroundings/queues.js';
import type { ServiceReadiness, Unready } from '../surroundings/services.js';
import { instant, utc } from './fields.js';

const count = z.int().nullable();

/** `GET /system`: what is unknown is null, and `unknown` says why. */
export const systemSchema = z.strictObject({
  /** By the database's clock. */
  now: instant.nullable(),
  services: z
    .array(
      z.strictObject({
        name: z.string(),
        ready: z.boolean(),
        /** Why it is not ready; `http`: it does not answer as our services do. */
        reasons: z.array(z.strictObject({ part: z.string(), reason: z.string() })),
        version: z.string().nullable(),
      }),
    )
    .nullable(),
  queues: z
    .array(
      z.strictObject({
        name: z.string(),
        /** Messages that wait; null: there is no such queue. */
        messages: count,
        consumers: count,
      }),
    )
    .nullable(),
  lag: z
    .strictObject({
      /** Reports that wait for ingest, and events that wait for audit; null if unknown. */
      ingest_waiting: count,
      audit_waiting: count,
      /** When each stage last proved itself; null: never, or unknown. */
      proven_at: z.strictObject({
        decision: instant.nullable(),
        relay: instant.nullable(),
        audit: instant.nullable(),
        ingest: instant.nullable(),
      }),
    })
    .nullable(),
  outbox: z
    .strictObject({
      waiting: z.int(),
      set_aside: z.int(),
      oldest_waiting_at: instant.nullable(),
      /** Whether the oldest waits for longer than `check` allows. */
      is_late: z.boolean(),
    })
    .nullable(),
  checker: z
    .strictObject({
      checks: z.enum([
        'disabled',
        'never_checked',
        'in_time',
        'overdue',
        'clock_behind',
        'settings_unreadable',
      ]),
      /** Null: no checker is the leader, so that nothing is decided. */
      leader: z.string().nullable(),
      leader_until: instant.nullable(),
      last_check: z
        .strictObject({ at: instant, engines: z.int(), raised: z.int(), cleared: z.int() })
        .nullable(),
      next_check_at: instant.nullable(),
    })
    .nullable(),
  notifier: z
    .strictObject({
      destinations: z.array(
        z.strictObject({
          destination: z.string(),
          seen_at: instant,
          /** False: no notifier has served it for five minutes, so that nobody there learns of an alert. */
          served: z.boolean(),
          failing_since: instant.nullable(),
          error: z.string().nullable(),
        }),
      ),
      /** Events that a destination did not accept for three days. */
      undelivered: z.int(),
    })
    .nullable(),
  versions: z.strictObject({
    console: z.string(),
    postgresql: z.string().nullable(),
    rabbitmq: z.string().nullable(),
    nodejs: z.string(),
  }),
  unknown: z.array(
    z.strictObject({ part: z.enum(['services', 'queues', 'database']), reason: z.string() }),
  ),
});

export type SystemDocument = z.infer<typeof systemSchema>;

/** What was read of a part, or why it is unknown. */
export type Known<T> =
  | { readonly isKnown: true; readonly value: T }
  | { readonly isKnown: false; readonly reason: string };

export interface SystemView {
  readonly database: Known<SystemState>;
  readonly queues: Known<readonly QueueLook[]>;
  readonly services: Known<
    readonly (ServiceReadiness & { readonly version: string | null | undefined })[]
  >;
  readonly versions: { readonly console: string; readonly rabbitmq: string | undefined };
}

export function systemDocument(view: SystemView): SystemDocument {
  const { database, queues, services, versions } = view;
  const state = database.isKnown ? database.value : undefined;
  const waiting = (name: string) =>
    (queues.isKnown ? queues.value.find((queue) => queue.name === name)?.messages : null) ?? null;
  return systemSchema.parse({
    now: state ? utc(state.now) : null,
    services: services.isKnown
      ? services.value.map(({ name, unready, version }) => ({
          name,
          ready: unready === null,
          reasons: unready === null ? [] : reasonsOf(unready),
          version: version ?? null,
        }))
      : null,
    queues: queues.isKnown ? queues.value : null,
    lag:
      state || queues.isKnown
        ? {
            ingest_waiting: waiting(INGEST_QUEUE),
            audit_waiting: waiting(AUDIT_QUEUE),
            proven_at: {
              decision: utc(state?.provenAt.decision ?? null),
              relay: utc(state?.provenAt.relay ?? null),
              audit: utc(state?.provenAt.audit ?? null),
              ingest: utc(state?.provenAt.ingest ?? null),
            },
          }
        : null,
    ...fieldsOfState(state),
    versions: {
      console: versions.console,
      postgresql: state?.version ?? null,
      rabbitmq: versions.rabbitmq ?? null,
      nodejs: process.versions.node,
    },
    unknown: Object.entries({ database, queues, services }).flatMap(([part, it]) =>
      it.isKnown ? [] : [{ part, reason: it.reason }],
    ),
  });
}

function fieldsOfState(state: SystemState | undefined): object {
  if (!state) return { outbox: null, checker: null, notifier: null };
  const { now, time, settings, lastCheck, outbox, leader } = state;
  const hours = settings.ok ? settings.value.checkPeriodHours : null;
  const timing = checkTiming(now, lastCheck?.at ?? null, hours === null ? null : hoursToMs(hours));
  return {
    outbox: {
      waiting: outbox.waiting,
      set_aside: outbox.setAside,
      oldest_waiting_at: utc(outbox.oldestWaitingAt),
      is_late: outboxFindings({ outbox, now }).some(({ kind }) => kind === 'events_pending'),
    },
    checker: {
      checks: !settings.ok ? 'settings_unreadable' : time.isKnown ? timing.kind : time.reason,
      leader: leader?.holder ?? null,
      leader_until: utc(leader?.until ?? null),
      last_check: lastCheck && { ...lastCheck, at: utc(lastCheck.at) },
      next_check_at: time.isKnown && 'nextCheckAt' in timing ? utc(timing.nextCheckAt) : null,
    },
    notifier: {
      destinations: state.destinations.map(({ destination, seenAt, failingSince, error }) => ({
        destination,
        seen_at: utc(seenAt),
        served: !isUnserved({ seenAt }, now),
        failing_since: utc(failingSince),
        error: error === '' ? null : error,
      })),
      undelivered: state.undelivered,
    },
  };
}

function reasonsOf(unready: Unready): { part: string; reason: string }[] {
  switch (unready.kind) {
    case 'parts':
      return [...unready.parts];
    case 'status':
      return [{ part: 'http', reason: `HTTP status ${unready.status}` }];
    case 'no_answer':
      return [{ part: 'http', reason: `no answer: ${unready.error}` }];
  }
}
