/** Warns while hosts leave out whole tables; undefined while they do not. */
export function excludeModeWarning(mode: string): string | undefined {
  if (mode !== 'table') return undefined;
  return (
    'BackupExcludeMode is table: engine-backup --mode=restore will fail on archives made now ' +
    '(backup-awareness config -s BackupExcludeMode=data ends this)'
  );
}
