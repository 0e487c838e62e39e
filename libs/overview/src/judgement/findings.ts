import type { TopologyDifference } from '@backup-awareness/contracts/plain';
import type { Unready } from '../surroundings/services.js';

/** A fact about the product as data: its kind, its parameters, its instants in whole milliseconds since 1970. No sentence, no time zone. */
export interface Fact<
  Kind extends string,
  Parameters extends object = Record<never, never>,
  Instants extends object = Record<never, never>,
> {
  readonly kind: Kind;
  readonly parameters: Readonly<Parameters>;
  readonly instants: Readonly<Instants>;
}

/** A reason for the state, about one engine, queue or service at most. */
export type Finding =
  | Fact<'disabled'>
  | Fact<'clock_behind', Record<never, never>, { clockAt: number; latestAt: number }>
  | Fact<'alert_active', { fqdn: string; alert: string; isDismissed: boolean }, { sinceAt: number }>
  | Fact<'setting_unreadable', { reason: string }>
  | Fact<'never_checked'>
  | Fact<'check_overdue', Record<never, never>, { nextCheckAt: number }>
  | Fact<'success_in_future', { fqdn: string }, { successAt: number }>
  | Fact<'engine_unjudgeable', { fqdn: string }>
  | Fact<'broker_unreachable', { host: string; error: string }>
  | Fact<'no_monitored_engine'>
  | Fact<'alert_due', { fqdn: string; verdict: 'no_full_backup' | 'too_old' }, { sinceAt: number }>
  | Fact<
      'backup_stuck',
      {
        fqdn: string;
        /** Null if its reports have none. */
        runId: string | null;
        scopes: readonly string[];
        isDismissed: boolean;
      },
      { sinceAt: number }
    >
  | Fact<'latest_run_failed', { fqdn: string; scope: string }, { failedAt: number }>
  | Fact<'exclude_mode_table'>
  | Fact<'database_restored', { copiedAt: number | null }, { restoredAt: number }>
  | Fact<'events_set_aside', { count: number }>
  | Fact<'events_pending', { count: number }, { oldestPendingAt: number }>
  | Fact<'destination_failing', { destination: string; error: string }, { failingSince: number }>
  /** No notifier serves it. */
  | Fact<'destination_unserved', { destination: string }, { seenAt: number }>
  | Fact<'dead_letters', { count: number }>
  | Fact<'unrouted', { count: number }>
  | Fact<'queue_filling', { queue: string; percent: number }>
  | Fact<'queue_missing', { queue: string }>
  | Fact<'topology_differs', { difference: TopologyDifference }>
  | Fact<'topology_warning', { warning: string }>
  | Fact<'topology_unknown', { error: string }>
  | Fact<'service_not_ready', { name: string; unready: Unready }>
  | Fact<'all_fresh', { engines: number; oldestAgeMs: number }>;

export type FindingKind = Finding['kind'];

/** The finding of one kind. */
export type FindingOf<Kind extends FindingKind> = Extract<Finding, { readonly kind: Kind }>;

/** Makes a finding; its kind determines the types of its parameters and instants. */
export function finding<Kind extends FindingKind>(
  kind: Kind,
  parameters: FindingOf<Kind>['parameters'],
  instants: FindingOf<Kind>['instants'],
): FindingOf<Kind> {
  return { kind, parameters, instants } as FindingOf<Kind>;
}
