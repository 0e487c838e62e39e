import type { EngineFacts } from './engine-facts.js';

/** A full backup consists of a db and a files backup: the earlier of their last successes; null while one is missing. */
export function lastFullBackup({
  lastDbSuccessAt,
  lastFilesSuccessAt,
}: Pick<EngineFacts, 'lastDbSuccessAt' | 'lastFilesSuccessAt'>): number | null {
  if (lastDbSuccessAt === null || lastFilesSuccessAt === null) return null;
  return Math.min(lastDbSuccessAt, lastFilesSuccessAt);
}
