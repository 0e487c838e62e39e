import type { Success } from '@backup-awareness/database';
import type { AlertEvent, EngineFacts } from '@backup-awareness/freshness';

/**
 * The success whose report led to an event: the one that completed the full backup, or the one that became too old. Undefined for an event
 * that no success led to.
 */
export function decidingSuccess(event: AlertEvent, facts: EngineFacts): Success | undefined {
  const { fqdn, lastDbSuccessAt: db, lastFilesSuccessAt: files } = facts;
  if (db === null || files === null) return undefined;
  const [earlier, later] = db <= files ? (['db', 'files'] as const) : (['files', 'db'] as const);
  if (event.type === 'BackupAlertCleared' && event.reason === 'full_backup')
    return { fqdn, scope: later, countedAt: Math.max(db, files) };
  if (event.type === 'BackupAlertRaised' && event.alert === 'ENGINE_NO_WARM_BACKUP')
    return { fqdn, scope: earlier, countedAt: Math.min(db, files) };
  return undefined;
}
