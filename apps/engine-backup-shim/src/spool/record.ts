import {
  INSTANT_EXPECTED,
  parseInstant,
  SCOPE,
  SCOPE_EXPECTED,
  type ReportStatus,
} from '@backup-awareness/contracts/plain';

/** One call of `notify_engine` or `log-event`. It becomes one event per scope. */
export interface SpoolRecord {
  /** Empty if there is none. */
  readonly runId: string;
  /** As the environment of the backup has it, valid or not; undefined if it has none. */
  readonly traceparent?: string | undefined;
  /** RFC 3339. */
  readonly doneAt: string;
  readonly status: ReportStatus;
  /** Empty for the host's configured engine. */
  readonly fqdn: string;
  readonly logPath: string;
  readonly outputMessage: string;
  readonly scopes: readonly string[];
}

/** `all`, engine-backup's word for everything, is not a scope: it stands for a full backup. */
export function expandAll(scopes: readonly string[]): string[] {
  return [...new Set(scopes.flatMap((scope) => (scope === 'all' ? ['db', 'files'] : [scope])))];
}

const FORMAT = 'backup-awareness-report/1';
/** The same with a `traceparent` after the format. */
const TRACED_FORMAT = 'backup-awareness-report/2';
const END = 'end';
const STATUS: Readonly<Record<string, ReportStatus>> = { '-1': -1, '0': 0, '1': 1 };

/** A record is its fields, each terminated by a NUL, so that no content can break out of its field. */
export function encodeRecord(record: SpoolRecord): Buffer {
  const { runId, doneAt, status, fqdn, logPath, outputMessage, scopes } = record;
  const format = record.traceparent ? [TRACED_FORMAT, record.traceparent] : [FORMAT];
  const fields = [...format, runId, doneAt, String(status), fqdn, logPath, outputMessage];
  const all = [...fields, ...scopes, END];
  return Buffer.from(all.map((field) => `${field.replaceAll('\0', '\ufffd')}\0`).join(''));
}

/**
 * Reads a record; invalid UTF-8 becomes U+FFFD.
 *
 * @throws Error if the record is incomplete or invalid
 */
export function decodeRecord(bytes: Buffer): SpoolRecord {
  const fields = bytes.toString('utf8').split('\0');
  const traceparent = fields[0] === TRACED_FORMAT ? fields.splice(1, 1)[0] : undefined;
  const [format, runId, doneAt, status, fqdn, logPath, outputMessage] = fields;
  if (fields.at(-1) !== '' || fields.at(-2) !== END || outputMessage === undefined)
    throw new Error('the record is incomplete: it has no end mark');
  if (format !== FORMAT && format !== TRACED_FORMAT) throw expected(FORMAT, format);
  if (parseInstant(doneAt ?? '') === undefined) throw expected(INSTANT_EXPECTED, doneAt);
  if (!Object.hasOwn(STATUS, status ?? '')) throw expected('the status -1, 0 or 1', status);
  const scopes = expandAll(fields.slice(7, -2));
  if (scopes.length === 0) throw expected('at least one scope', undefined);
  const wrong = scopes.find((scope) => !SCOPE.test(scope));
  if (wrong !== undefined) throw expected(SCOPE_EXPECTED, wrong);
  return {
    runId: runId!,
    traceparent,
    doneAt: doneAt!,
    status: STATUS[status!]!,
    fqdn: fqdn!,
    logPath: logPath!,
    outputMessage,
    scopes,
  };
}

function expected(what: string, got: string | undefined): Error {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got.slice(0, 200));
  return new Error(`the record is invalid: expected ${what}, got ${shown}`);
}
