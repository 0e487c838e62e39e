import { errorText, HEARTBEAT, LogOnce, type HeartbeatData } from '@backup-awareness/contracts';
import { noteRecorded, recordAudit, type AuditRow } from '@backup-awareness/database';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';

type Recorded = Awaited<ReturnType<typeof recordAudit>>;

const log = new Logger('heartbeat');
const unnoted = new LogOnce((error) => log.warn(`a heartbeat could not be noted: ${error}`));

/**
 * Records events in the audit log; of heartbeats only when the latest was written, in a row of their own.
 *
 * @returns the outcome of each, in order
 * @throws what `recordAudit` throws; never because of a heartbeat, whose absence is noticed anyway
 */
export async function recordEvents(
  dataSource: DataSource,
  rows: readonly AuditRow[],
): Promise<Recorded> {
  if (!rows.some(isHeartbeat)) return recordAudit(dataSource, rows);
  const events = rows.filter((row) => !isHeartbeat(row));
  const recorded = events.length === 0 ? [] : await recordAudit(dataSource, events);
  await noteHeartbeats(dataSource, rows.filter(isHeartbeat));
  let next = 0;
  return rows.map((row) => (isHeartbeat(row) ? 'stored' : recorded[next++]!));
}

function isHeartbeat({ eventName }: AuditRow): boolean {
  return eventName === HEARTBEAT;
}

/** By the database's clock; this process's may differ. */
function writtenAt({ customData }: AuditRow): number {
  return Date.parse((JSON.parse(customData) as HeartbeatData).to);
}

async function noteHeartbeats(dataSource: DataSource, beats: readonly AuditRow[]): Promise<void> {
  try {
    await noteRecorded(dataSource, Math.max(...beats.map(writtenAt)));
    unnoted.set(undefined);
  } catch (error) {
    unnoted.set(errorText(error));
  }
}
