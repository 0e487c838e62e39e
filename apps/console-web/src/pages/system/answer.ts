// until the document has it
export interface System {
  readonly now: string | null;
  readonly services:
    | readonly {
        readonly name: string;
        readonly ready: boolean;
        readonly reasons: readonly { readonly part: string; readonly reason: string }[];
        readonly version: string | null;
      }[]
    | null;
  readonly queues:
    | readonly {
        readonly name: string;
        readonly messages: number | null;
        readonly consumers: number | null;
      }[]
    | null;
  readonly lag: {
    readonly ingest_waiting: number | null;
    readonly audit_waiting: number | null;
    readonly proven_at: Readonly<Record<'decision' | 'relay' | 'audit' | 'ingest', string | null>>;
  } | null;
  readonly outbox: {
    readonly waiting: number;
    readonly set_aside: number;
    readonly oldest_waiting_at: string | null;
  } | null;
  readonly checker: {
    readonly checks:
      'disabled' | 'never_checked' | 'in_time' | 'overdue' | 'clock_behind' | 'settings_unreadable';
    readonly leader: string | null;
    readonly leader_until: string | null;
    readonly last_check: {
      readonly at: string;
      readonly engines: number;
      readonly raised: number;
      readonly cleared: number;
    } | null;
    readonly next_check_at: string | null;
  } | null;
  readonly notifier: {
    readonly destinations: readonly {
      readonly destination: string;
      readonly seen_at: string;
      readonly failing_since: string | null;
      readonly error: string | null;
    }[];
    readonly undelivered: number;
  } | null;
  readonly versions: Readonly<
    Record<'console' | 'nodejs', string> & Record<'postgresql' | 'rabbitmq', string | null>
  >;
  readonly unknown: readonly {
    readonly part: 'services' | 'queues' | 'database';
    readonly reason: string;
  }[];
}
