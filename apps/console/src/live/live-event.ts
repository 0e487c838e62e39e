import { z } from 'zod';

const event = z.string().meta({ description: 'The name of the event at the broker.' });
const fqdn = z.string();
/** An event is announced when what it is about can be fetched, and again when its row is in the audit log, if that comes later. */
const in_audit_log = z.boolean().meta({ description: 'Whether GET /audit has its row.' });

/** What each kind of event of the stream tells: just enough to know what to fetch. */
export const LIVE_EVENTS = {
  alert: z.strictObject({ event, fqdn, alert: z.string(), alert_id: z.string(), in_audit_log }),
  report: z.strictObject({ event, fqdn, scope: z.string(), event_id: z.string(), in_audit_log }),
  setting: z.strictObject({
    event,
    name: z.string(),
    fqdn: fqdn.nullable().meta({ description: 'The engine whose own setting it is; or null.' }),
    in_audit_log,
  }),
  engine: z.strictObject({ event, fqdn, in_audit_log }),
  check: z.strictObject({ last_check_at: z.iso.datetime().nullable() }),
  system: z.strictObject({
    event: event.nullable().meta({ description: 'Null: something of GET /system has changed.' }),
    in_audit_log: z.boolean(),
  }),
  /** What was missed is not known: fetch everything that is shown. */
  resync: z.strictObject({}),
} as const;

export type LiveKind = keyof typeof LIVE_EVENTS;
export type LiveEvent = {
  [Kind in LiveKind]: {
    readonly kind: Kind;
    readonly data: z.output<(typeof LIVE_EVENTS)[Kind]>;
  };
}[LiveKind];

export const RESYNC: LiveEvent = { kind: 'resync', data: {} };
