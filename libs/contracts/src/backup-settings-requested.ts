import { EXCLUDED_TABLES, parseSetting } from './settings.js';
import { accept, type Result } from './result.js';

/** What an engine host gets for an answer when it asks which tables to leave out. */
export interface BackupSettings {
  readonly BackupExcludedTables: readonly string[];
  readonly BackupExcludeMode: 'data' | 'table';
}

/** The answer made of what is stored; a stored value that cannot be read is refused. */
export function readBackupSettings(
  stored: Readonly<Record<string, string>>,
): Result<BackupSettings> {
  const tables = parseSetting('BackupExcludedTables', stored.BackupExcludedTables ?? '');
  if (!tables.ok) return tables;
  const mode = parseSetting('BackupExcludeMode', stored.BackupExcludeMode ?? '');
  if (!mode.ok) return mode;
  return accept({
    BackupExcludedTables: tables.value.split(','),
    BackupExcludeMode: mode.value as BackupSettings['BackupExcludeMode'],
  });
}

export const backupSettingsExample: BackupSettings = {
  BackupExcludedTables: EXCLUDED_TABLES,
  BackupExcludeMode: 'data',
};
