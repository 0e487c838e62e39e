import { createHash } from 'node:crypto';
import {
  ENGINE_BACKUP_EXCHANGE,
  engineSource,
  FQDN_EXPECTED,
  normalizeFqdn,
  parseInstant,
  REPORT_STATUS,
  type OutgoingEvent,
  type ReportName,
} from '@backup-awareness/contracts/plain';
import { cutText } from './cut-text.js';
import type { SpoolRecord } from './record.js';
import { uuidV7 } from './uuid-v7.js';

const NAMES = Object.keys(REPORT_STATUS) as ReportName[];

/** What goes into a column or a key of 255 characters. */
const ID_MAX = 255;

/**
 * The events of a record, one for each scope. They are the same whenever it is asked: a report that is sent again is no second row.
 *
 * @param name the record's name in the spool, which nothing else on this host has
 * @param hostFqdn the engine, where the record does not say
 * @throws Error where no engine is known, or is named by no host name
 */
export function reportEvents(name: string, record: SpoolRecord, hostFqdn: string): OutgoingEvent[] {
  const asked = record.fqdn || hostFqdn;
  if (asked === '') throw new Error('no engine is known: neither FQDN nor ENGINE_FQDN names it');
  const fqdn = normalizeFqdn(asked);
  if (fqdn === undefined)
    throw new Error(`fqdn: expected ${FQDN_EXPECTED}, got ${JSON.stringify(asked.slice(0, 300))}`);
  const event = NAMES.find((it) => REPORT_STATUS[it] === record.status)!;
  return [...new Set(record.scopes)].map((scope) => ({
    id: eventId(name, record.doneAt, scope),
    name: event,
    exchange: ENGINE_BACKUP_EXCHANGE,
    routingKey: `${event}.${scope}`,
    source: engineSource(fqdn),
    subject: scope,
    time: record.doneAt,
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

/** Derived for ever from the record: its time from `doneAt`, the rest from name and scope. */
function eventId(name: string, doneAt: string, scope: string): string {
  const hash = createHash('sha256').update(`${name}\0${scope}`).digest();
  return uuidV7(Date.parse(parseInstant(doneAt)!), hash);
}

function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : [...text].slice(0, count).join('');
}
