import { IS_PASSED, sentAt, type EngineBackupReport } from '../events/engine-backup-report.js';
import { readJsonObject } from './envelope.js';
import { CLOUD_EVENT_CONTENT_TYPE, ENGINE_SOURCE_PREFIX, TYPE_PREFIX } from '../events/event.js';
import { isId } from '../values/fields.js';
import { isKeptFqdn } from '../values/fqdn.js';
import { parseInstant } from '../values/instant.js';
import type { ReceivedMessage } from './received-message.js';
import { REPORT_STATUS, type ReportName } from './report-status.js';
import { SCOPE } from '../values/scope.js';
import { isStorableText } from '../values/text.js';
import { parseTraceparent } from '../values/traceparent.js';
import { ENGINE_BACKUP_EXCHANGE } from '../topology/topology.js';

type Json = Readonly<Record<string, unknown>>;

const NAME_OF_TYPE: ReadonlyMap<unknown, ReportName> = new Map(
  (Object.keys(REPORT_STATUS) as ReportName[]).map((name) => [TYPE_PREFIX + name, name]),
);

/**
 * The fast path for reports exactly as our own shim writes them, which is nearly all of them.
 *
 * It refuses nothing and guesses nothing: in any doubt it returns undefined, and the message is parsed in full. Whatever it returns
 * equals the result of parsing in full (plain-report.spec.ts compares the two).
 */
export function readPlainReport(message: ReceivedMessage): EngineBackupReport | undefined {
  if (message.contentType !== CLOUD_EVENT_CONTENT_TYPE) return undefined;
  if (message.exchange !== ENGINE_BACKUP_EXCHANGE) return undefined;
  for (const _ in message.headers) return undefined;
  const json = readJsonObject(message.body);
  if (!json.ok) return undefined;
  const event = json.value;
  const name = NAME_OF_TYPE.get(event.type);
  const data = event.data;
  if (name === undefined || typeof data !== 'object' || data === null) return undefined;
  return agrees(message, name, event, data as Json)
    ? read(message, name, event, data as Json)
    : undefined;
}

/** Whether everything that the message says twice is the same, to the letter. */
function agrees(message: ReceivedMessage, name: ReportName, event: Json, data: Json): boolean {
  const { scope, fqdn } = data;
  return (
    event.specversion === '1.0' &&
    data.status === REPORT_STATUS[name] &&
    typeof scope === 'string' &&
    SCOPE.test(scope) &&
    typeof fqdn === 'string' &&
    isKeptFqdn(fqdn) &&
    event.subject === scope &&
    isJoined(event.source, ENGINE_SOURCE_PREFIX, fqdn) &&
    isJoined(message.routingKey, `${name}.`, scope) &&
    (message.type === undefined || message.type === name)
  );
}

/** Whether `text` is `prefix + rest`, without concatenating them. */
function isJoined(text: unknown, prefix: string, rest: string): boolean {
  return (
    typeof text === 'string' &&
    text.length === prefix.length + rest.length &&
    text.startsWith(prefix) &&
    text.endsWith(rest)
  );
}

function read(
  message: ReceivedMessage,
  name: ReportName,
  { id, time, traceparent }: Json,
  data: Json,
): EngineBackupReport | undefined {
  const { done_at, output_message, log_path, run_id = null } = data;
  if (!isPlainText(id) || !isPlainText(output_message) || !isPlainText(log_path)) return undefined;
  if (!isId(id) || !(run_id === null || (isPlainText(run_id) && isId(run_id)))) return undefined;
  const doneAt = typeof done_at === 'string' ? parseInstant(done_at) : undefined;
  const eventTime = time === done_at || typeof time !== 'string' ? doneAt : parseInstant(time);
  if (doneAt === undefined || eventTime === undefined || typeof time !== 'string') return undefined;
  return {
    name,
    eventId: id,
    eventTime,
    fqdn: data.fqdn as string,
    scope: data.scope as string,
    doneAt,
    isPassed: IS_PASSED[name],
    outputMessage: output_message,
    logPath: log_path,
    runId: run_id,
    traceparent: traceparent === undefined ? null : parseTraceparent(traceparent),
    sentAt: sentAt(message.timestampSeconds),
    firstReceivedAt: message.firstReceivedAt ?? null,
    reportedBy: message.userId || null,
  };
}

function isPlainText(value: unknown): value is string {
  return typeof value === 'string' && isStorableText(value);
}
