/** oVirt's numbers for severities in its audit log. */
export const SEVERITY = { NORMAL: 0, WARNING: 1, ERROR: 2, ALERT: 10 } as const;

/** oVirt's numbers for the types that it knows; all others have 0 (unassigned). */
const LOG_TYPES: Readonly<Record<string, number>> = {
  ENGINE_NO_FULL_BACKUP: 9022,
  ENGINE_NO_WARM_BACKUP: 9023,
  ENGINE_BACKUP_STARTED: 9024,
  ENGINE_BACKUP_COMPLETED: 9025,
  ENGINE_BACKUP_FAILED: 9026,
};

const UNASSIGNED_LOG_TYPE = 0;

export function logTypeOf(name: string): number {
  return Object.hasOwn(LOG_TYPES, name) ? LOG_TYPES[name]! : UNASSIGNED_LOG_TYPE;
}
