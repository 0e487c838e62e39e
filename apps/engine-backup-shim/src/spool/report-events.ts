import { createHash } from 'node:crypto';
import {
  ENGINE_BACKUP_EXCHANGE,
  engineSource,
  FQDN_EXPECTED,
  normalizeFqdn,
  parseInstant,
  parseTraceparent,
  REPORT_STATUS,
  type OutgoingEvent,
  type ReportName,
} from '@backup-awareness/contracts/plain';
import { cutText } from './cut-text.js';
import type { SpoolRecord } from './record.js';
import { uuidV7 } from './uuid-v7.js';

const NAMES = Object.keys(REPORT_STATUS) as ReportName[];

/** Columns and keys take up to 255 characters. */
const ID_MAX = 255;

/**
 * The events of a record, one per scope. They are always the same for a record, so that a report sent twice is stored once.
 *
 * @param name the record's name in the spool, unique on this host
 * @param hostFqdn the engine, if the record names none
 * @throws Error if no engine is known, or its name is not a host name
 */
export function reportEvents(name: string, record: SpoolRecord, hostFqdn: string): OutgoingEvent[] {
  const asked = record.fqdn || hostFqdn;
  if (asked === '') throw new Error('the engine is unknown: neither FQDN nor ENGINE_FQDN is set');
  const fqdn = normalizeFqdn(asked);
  if (fqdn === undefined)
    throw new Error(`fqdn: expected ${FQDN_EXPECTED}, got ${JSON.stringify(asked.slice(0, 300))}`);
  const traceparent = traceparentOf(name, record, fqdn);
  const event = NAMES.find((it) => REPORT_STATUS[it] === record.status)!;
  return [...new Set(record.scopes)].map((scope) => ({
    id: eventId(name, record.doneAt, scope),
    name: event,
    exchange: ENGINE_BACKUP_EXCHANGE,
    routingKey: `${event}.${scope}`,
    source: engineSource(fqdn),
    subject: scope,
    time: record.doneAt,
    traceparent,
    data: {
      scope,
      done_at: record.doneAt,
      status: record.status,
      output_message: cutText(record.outputMessage),
      fqdn,
      log_path: record.logPath,
      ...(record.runId === '' ? {} : { run_id: firstCharacters(record.runId, ID_MAX) }),
    },
  }));
}

/** Derived from the record alone: its time from `doneAt`, the rest from name and scope. */
function eventId(name: string, doneAt: string, scope: string): string {
  const hash = createHash('sha256').update(`${name}\0${scope}`).digest();
  return uuidV7(Date.parse(parseInstant(doneAt)!), hash);
}

/**
 * One for all reports of a run: that of the environment, or else one derived from the run, so that nothing has to be kept between its
 * reports. Not sampled, since the shim itself records no trace.
 */
function traceparentOf(name: string, { runId, traceparent }: SpoolRecord, fqdn: string): string {
  const given = parseTraceparent(traceparent);
  if (given !== null) return given;
  const run = runId === '' ? name : runId;
  const hash = createHash('sha256').update(`${fqdn}\0${run}`).digest('hex');
  return `00-${hash.slice(0, 32)}-${hash.slice(32, 48)}-00`;
}

function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : [...text].slice(0, count).join('');
}
