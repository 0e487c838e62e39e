import {
  INSTANT_EXPECTED,
  parseInstant,
  SCOPE,
  SCOPE_EXPECTED,
  type ReportStatus,
} from '@backup-awareness/contracts/plain';

/** One call of `notify_engine`, or of `log-event`: what becomes an event for each of its scopes. */
export interface SpoolRecord {
  /** Empty where there is none. */
  readonly runId: string;
  /** RFC 3339. */
  readonly doneAt: string;
  readonly status: ReportStatus;
  /** Empty where the host's configured name, or its own, is meant. */
  readonly fqdn: string;
  readonly logPath: string;
  readonly outputMessage: string;
  readonly scopes: readonly string[];
}

/** engine-backup's own word for everything names no scope: for us it is a full backup. */
export function withoutAll(scopes: readonly string[]): string[] {
  return [...new Set(scopes.flatMap((scope) => (scope === 'all' ? ['db', 'files'] : [scope])))];
}

const FORMAT = 'backup-awareness-report/1';
const END = 'end';
const STATUS: Readonly<Record<string, ReportStatus>> = { '-1': -1, '0': 0, '1': 1 };

/** A record is its fields, each ended by a NUL: whatever stands in them, it stays in its field. */
export function encodeRecord(record: SpoolRecord): Buffer {
  const { runId, doneAt, status, fqdn, logPath, outputMessage, scopes } = record;
  const fields = [FORMAT, runId, doneAt, String(status), fqdn, logPath, outputMessage];
  const all = [...fields, ...scopes, END];
  return Buffer.from(all.map((field) => `${field.replaceAll('\0', '\ufffd')}\0`).join(''));
}

/**
 * Reads a record; bytes that are not UTF-8 become U+FFFD.
 *
 * @throws Error that says what was expected and what came, or that the record is half-written
 */
export function decodeRecord(bytes: Buffer): SpoolRecord {
  const fields = bytes.toString('utf8').split('\0');
  const [format, runId, doneAt, status, fqdn, logPath, outputMessage] = fields;
  if (fields.at(-1) !== '' || fields.at(-2) !== END || outputMessage === undefined)
    throw new Error('the record is half-written: it does not end as a record does');
  if (format !== FORMAT) throw expected(FORMAT, format);
  if (parseInstant(doneAt ?? '') === undefined) throw expected(INSTANT_EXPECTED, doneAt);
  if (!Object.hasOwn(STATUS, status ?? '')) throw expected('-1, 0 or 1 for a status', status);
  const scopes = withoutAll(fields.slice(7, -2));
  if (scopes.length === 0) throw expected('at least one scope', undefined);
  const wrong = scopes.find((scope) => !SCOPE.test(scope));
  if (wrong !== undefined) throw expected(SCOPE_EXPECTED, wrong);
  return {
    runId: runId!,
    doneAt: doneAt!,
    status: STATUS[status!]!,
    fqdn: fqdn!,
    logPath: logPath!,
    outputMessage,
    scopes,
  };
}

function expected(what: string, got: string | undefined): Error {
  const came = got === undefined ? 'nothing' : JSON.stringify(got.slice(0, 200));
  return new Error(`the record cannot be read: expected ${what}, got ${came}`);
}
