/** What an administrator has to know while hosts leave out tables as a whole; undefined while they do not. */
export function excludeModeWarning(mode: string): string | undefined {
  if (mode !== 'table') return undefined;
  return (
    'BackupExcludeMode is table: engine-backup --mode=restore will fail on archives that are made now ' +
    '(backup-awareness config -s BackupExcludeMode=data ends this)'
  );
}
