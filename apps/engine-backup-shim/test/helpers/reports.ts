import { encodeRecord, type SpoolRecord } from '../../src/spool/record.js';
import type { EngineHost } from './engine-host.js';

export function exampleRecord(fields: Partial<SpoolRecord> = {}): SpoolRecord {
  return {
    runId: '',
    doneAt: '2026-11-23T01:10:42.123456789Z',
    status: 1,
    fqdn: '',
    logPath: '/var/log/backup.log',
    outputMessage: 'Backup Finished',
    scopes: ['db'],
    ...fields,
  };
}

/** Names that sort by their number. */
export function recordName(number: number): string {
  return `20261123T011042.${String(number).padStart(9, '0')}Z-1-0000`;
}

/** Writes a record to the spool as the drop-in does. @returns its name */
export function spoolRecord(
  host: EngineHost,
  number: number,
  record: SpoolRecord | Buffer,
): string {
  const name = recordName(number);
  const bytes = Buffer.isBuffer(record) ? record : encodeRecord(record);
  host.write(`${host.paths.spool}/${name}.report`, bytes);
  return name;
}
