import { z } from 'zod';
import type { Envelope } from '../received/envelope.js';
import { ENGINE_SOURCE_PREFIX, engineSource } from './event.js';
import { fqdnField, instantField, runIdField, textField } from '../values/fields.js';
import { normalizeFqdn } from '../values/fqdn.js';
import type { ReceivedMessage } from '../received/received-message.js';
import { REPORT_STATUS, type ReportName } from '../received/report-status.js';
import { accept, describe, refuse, type Result } from '../values/result.js';
import { SCOPE, SCOPE_EXPECTED } from '../values/scope.js';
import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  ENGINE_BACKUP_EXCHANGE,
} from '../topology/topology.js';
import { validate } from '../values/validate.js';

export const IS_PASSED: Readonly<Record<ReportName, boolean | null>> = {
  ENGINE_BACKUP_STARTED: null,
  ENGINE_BACKUP_COMPLETED: true,
  ENGINE_BACKUP_FAILED: false,
};

const STATUS_EXPECTED = 'the number -1 (failed), 0 (started) or 1 (completed)';

/** The six fields of `LogEngineBackupEvent` as a message has them, and `run_id`; others are ignored. */
export const engineBackupReportData = z.object(
  {
    scope: z.string({ error: SCOPE_EXPECTED }).regex(SCOPE, { error: SCOPE_EXPECTED }).meta({
      description: 'What was backed up: db, files, dwhdb, … Never all, which names none.',
    }),
    done_at: instantField.meta({ description: 'When it happened, by the clock of the host.' }),
    status: z
      .literal([-1, 0, 1], { error: STATUS_EXPECTED })
      .meta({ description: '-1 failed, 0 started, 1 completed; the one that the event names.' }),
    output_message: textField.meta({ description: 'What engine-backup said; may be empty.' }),
    fqdn: fqdnField.meta({ description: 'The engine.' }),
    log_path: textField.meta({
      description: 'Where the log of engine-backup is on its host; may be empty.',
    }),
    run_id: runIdField.meta({
      description: 'The same in all reports of one run of engine-backup.',
    }),
  },
  { error: 'a JSON object' },
);

export type EngineBackupReportData = z.input<typeof engineBackupReportData>;

/** A valid report: what the log keeps of it. */
export interface EngineBackupReport {
  readonly name: ReportName;
  readonly eventId: string;
  /** When the event happened according to itself; null if it does not say. */
  readonly eventTime: string | null;
  readonly fqdn: string;
  readonly scope: string;
  /** RFC 3339 in UTC with microseconds, like every instant here. */
  readonly doneAt: string;
  /** True for completed, false for failed, null for started. */
  readonly isPassed: boolean | null;
  readonly outputMessage: string;
  readonly logPath: string;
  readonly runId: string | null;
  /** W3C Trace Context, valid; null if there is none. */
  readonly traceparent: string | null;
  /** When it was sent, by the same clock as `doneAt`; null if the message does not say. */
  readonly sentAt: string | null;
  /** When it first arrived, if it is replayed from the dead letters. */
  readonly firstReceivedAt: string | null;
  /** The broker's validated user; null if there is none. */
  readonly reportedBy: string | null;
}

export function isReportName(name: string): name is ReportName {
  return Object.hasOwn(REPORT_STATUS, name);
}

/** A user that may publish to these makes events, and cannot vouch for a backup. */
const EXCHANGES_OF_EVENTS: ReadonlySet<string> = new Set([
  ALERTS_EXCHANGE,
  ADMINISTRATION_EXCHANGE,
]);

/** Reads a message as a report, and compares everything that the message says twice. */
export function readReport(
  message: ReceivedMessage,
  envelope: Envelope,
): Result<EngineBackupReport> {
  const { name } = envelope;
  if (!isReportName(name))
    return refuse('type', Object.keys(REPORT_STATUS).join(' or '), describe(name));
  if (EXCHANGES_OF_EVENTS.has(message.exchange))
    return refuse(
      'exchange',
      `${ENGINE_BACKUP_EXCHANGE}, as the event is a report`,
      describe(message.exchange),
    );
  const parsed = validate(engineBackupReportData, envelope.data, 'data');
  if (!parsed.ok) return parsed;
  const data = parsed.value;
  const disagreement = findDisagreement(message, envelope, name, data);
  if (disagreement) return disagreement;
  return accept({
    name,
    eventId: envelope.id,
    eventTime: envelope.time,
    fqdn: data.fqdn,
    scope: data.scope,
    doneAt: data.done_at,
    isPassed: IS_PASSED[name],
    outputMessage: data.output_message,
    logPath: data.log_path,
    runId: data.run_id,
    traceparent: envelope.traceparent,
    sentAt: sentAt(message.timestampSeconds),
    firstReceivedAt: message.firstReceivedAt ?? null,
    reportedBy: message.userId || null,
  });
}

/** A message that contradicts itself is refused: to guess could count a backup that was none. */
function findDisagreement(
  message: ReceivedMessage,
  envelope: Envelope,
  name: ReportName,
  data: z.output<typeof engineBackupReportData>,
): Result<never> | undefined {
  if (data.status !== REPORT_STATUS[name])
    return refuse(
      'data.status',
      `${REPORT_STATUS[name]}, as the event is ${name}`,
      describe(data.status),
    );
  if (envelope.source !== null && !isSourceOf(envelope.source, data.fqdn))
    return refuse(
      'source',
      `${engineSource(data.fqdn)}, as in data.fqdn`,
      describe(envelope.source),
    );
  if (envelope.subject !== null && envelope.subject !== data.scope)
    return refuse('subject', `${data.scope}, as in data.scope`, describe(envelope.subject));
  const scope = scopeInRoutingKey(message);
  if (scope !== undefined && scope !== data.scope)
    return refuse(
      'routing_key',
      `${name}.${data.scope}, as in data.scope`,
      describe(message.routingKey),
    );
  return undefined;
}

function isSourceOf(source: string, fqdn: string): boolean {
  return (
    source.startsWith(ENGINE_SOURCE_PREFIX) &&
    normalizeFqdn(source.slice(ENGINE_SOURCE_PREFIX.length)) === fqdn
  );
}

function scopeInRoutingKey(message: ReceivedMessage): string | undefined {
  if (message.exchange !== ENGINE_BACKUP_EXCHANGE) return undefined;
  const dot = message.routingKey.indexOf('.');
  return dot === -1 ? undefined : message.routingKey.slice(dot + 1);
}

const LAST_SECOND = Date.UTC(2999, 11, 31, 23, 59, 59) / 1000;

/** A timestamp beyond the year 2999 comes from no clock (it is in milliseconds, say) and is ignored. */
export function sentAt(timestampSeconds: number | undefined): string | null {
  const isClock =
    typeof timestampSeconds === 'number' &&
    Number.isInteger(timestampSeconds) &&
    timestampSeconds >= 0 &&
    timestampSeconds <= LAST_SECOND;
  return isClock ? new Date(timestampSeconds * 1000).toISOString() : null;
}
