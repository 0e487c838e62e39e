import { EXCLUDED_TABLES, parseSetting } from './settings.js';
import { accept, type Result } from './result.js';

/** Which tables an engine host is to leave out of a dump, and how. */
export interface BackupSettings {
  readonly BackupExcludedTables: readonly string[];
  readonly BackupExcludeMode: 'data' | 'table';
}

/** What an engine host gets for an answer when it asks: the settings, or why what is stored is refused. */
export type BackupSettingsAnswer = (BackupSettings | { readonly error: string }) & {
  /**
   * The engines that the broker user who asks may report about: these and no others. Absent where no engine has that user, and where
   * more than MAX_ENGINES_IN_ANSWER have it.
   */
  readonly engines?: readonly string[];
};

/** With names of full length it is a fifth of what a host reads of an answer. */
export const MAX_ENGINES_IN_ANSWER = 50;

/** The settings made of what is stored; a stored value that cannot be read is refused. */
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

export const backupSettingsExample: BackupSettingsAnswer = {
  BackupExcludedTables: EXCLUDED_TABLES,
  BackupExcludeMode: 'data',
  engines: ['engine.example.com'],
};
