import { parseSetting } from '../settings.js';
import { accept, type Result } from '../values/result.js';

/** Which tables an engine host leaves out of a dump, and how. */
export interface BackupSettings {
  readonly BackupExcludedTables: readonly string[];
  readonly BackupExcludeMode: 'data' | 'table';
}

/** The answer to an engine host: the settings, or why the stored ones are refused. */
export type BackupSettingsAnswer = (BackupSettings | { readonly error: string }) & {
  /**
   * The only engines that the asking broker user may report about. Absent if no engine has that user, or if more than
   * MAX_ENGINES_IN_ANSWER have it.
   */
  readonly engines?: readonly string[];
};

/** With names of full length this is a fifth of what a host reads of an answer. */
export const MAX_ENGINES_IN_ANSWER = 50;

/** Reads the stored settings; an invalid stored value is refused. */
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
