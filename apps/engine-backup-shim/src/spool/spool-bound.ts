import { readRecord, recordBytes, removeRecord } from './spool.js';

/**
 * Keeps the spool within its limit by dropping reports of started backups, the oldest first. Reports of how a backup ended are never
 * dropped, so the spool may still exceed the limit.
 *
 * @param names the oldest first
 * @returns how many were dropped, and how many bytes the spool is still over its limit
 */
export function dropOldestStarted(
  spool: string,
  names: readonly string[],
  maxBytes: number,
): { dropped: number; excessBytes: number } {
  const sizes = names.map((name) => recordBytes(spool, name));
  let excessBytes = sizes.reduce((sum, size) => sum + size, 0) - maxBytes;
  let dropped = 0;
  for (const [index, name] of names.entries()) {
    if (excessBytes <= 0) break;
    const record = readRecord(spool, name);
    if ('unreadable' in record || record.status !== 0) continue;
    removeRecord(spool, name);
    excessBytes -= sizes[index]!;
    dropped++;
  }
  return { dropped, excessBytes: Math.max(excessBytes, 0) };
}
