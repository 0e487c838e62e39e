import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import {
  ALL_OR_NONE,
  type BackupSettings,
  errorText,
  EXCLUDED_TABLES,
  holdsAllOrNone,
} from '@backup-awareness/contracts/plain';
import { askSettings } from '../broker/ask-settings.js';
import type { HostConfiguration } from '../host/configuration.js';
import { codeOf } from '../failure.js';
import type { HostPaths } from '../host/paths.js';

/** The tables that are excluded from a dump, and where the list is from. */
export interface Excludes {
  readonly tables: readonly string[];
  readonly mode: BackupSettings['BackupExcludeMode'];
  readonly source: 'answer' | 'cached answer' | 'built-in';
  /** Why there is no current answer, and what was refused. */
  readonly warnings: readonly string[];
}

const BUILT_IN: BackupSettings = {
  BackupExcludedTables: EXCLUDED_TABLES,
  BackupExcludeMode: 'data',
};

/**
 * The administrator's setting, if this host allows it: asked over the broker, or else the last answer, or else the built-in tables.
 * Never rejects, and takes little longer than two seconds.
 */
export async function chooseExcludes(
  paths: HostPaths,
  configuration: HostConfiguration,
): Promise<Excludes> {
  const allowed = [...EXCLUDED_TABLES, ...configuration.EXCLUDABLE_TABLES];
  const warnings: string[] = [];
  const attempts = [
    ['answer', () => askSettings(configuration)],
    ['cached answer', () => readFileSync(paths.settings, 'utf8')],
  ] as const;
  for (const [source, read] of attempts) {
    try {
      const settings = parseSettings(await read(), allowed);
      if (source === 'answer') warnings.push(...cacheSettings(paths, settings));
      return excludes(settings, source, warnings);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') warnings.push(`${source}: ${errorText(error)}`);
      // After a refusal the cached answer is not used: it is older, and its mode may be what an administrator has changed.
      if (error instanceof SettingsRefused) break;
    }
  }
  return excludes(BUILT_IN, 'built-in', warnings);
}

function excludes(
  settings: BackupSettings,
  source: Excludes['source'],
  warnings: readonly string[],
): Excludes {
  const { BackupExcludedTables, BackupExcludeMode } = settings;
  return { tables: BackupExcludedTables, mode: BackupExcludeMode, source, warnings };
}

/**
 * Accepts an answer only if every table in it is on this host's list: no setting, wherever it came from, can empty a backup.
 *
 * @throws Error if it is refused, as a whole
 */
export function parseSettings(text: string, allowed: readonly string[]): BackupSettings {
  const answer = parseObject(text);
  const { BackupExcludedTables: tables, BackupExcludeMode: mode } = answer;
  if (mode !== 'data' && mode !== 'table')
    throw refused('BackupExcludeMode', 'data or table', mode);
  if (!Array.isArray(tables) || tables.length === 0)
    throw refused('BackupExcludedTables', 'an array of table names', tables);
  const alien: unknown = tables.find((table) => !allowed.includes(table));
  if (alien !== undefined)
    throw refused('BackupExcludedTables', "only tables on this host's list", alien);
  if (!holdsAllOrNone(tables)) throw refused('BackupExcludedTables', ALL_OR_NONE, tables);
  return { BackupExcludedTables: [...new Set<string>(tables)], BackupExcludeMode: mode };
}

/** The options of pg_dump. It takes a name for a pattern, but these names contain no pattern characters. */
export function pgDumpOptions({ tables, mode }: Pick<Excludes, 'tables' | 'mode'>): string[] {
  const option = mode === 'data' ? '--exclude-table-data' : '--exclude-table';
  return tables.map((table) => `${option}=public.${table}`);
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refused('settings', 'JSON', text);
  }
  if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  throw refused('settings', 'a JSON object', value);
}

/** There is an answer, but this host must not follow it. */
class SettingsRefused extends Error {}

function refused(path: string, expected: string, got: unknown): SettingsRefused {
  const shown = (JSON.stringify(got) ?? 'nothing').slice(0, 200);
  return new SettingsRefused(`refused: ${path}: expected ${expected}, got ${shown}`);
}

/** Saves an answer for when there is none. @returns why it could not, if so */
function cacheSettings({ state, settings: path }: HostPaths, settings: BackupSettings): string[] {
  try {
    const temporary = `${path}.${process.pid}`;
    mkdirSync(state, { recursive: true, mode: 0o700 });
    writeFileSync(temporary, `${JSON.stringify(settings)}\n`, { mode: 0o600 });
    renameSync(temporary, path);
    return [];
  } catch (error) {
    return [`cannot save the answer: ${errorText(error)}`];
  }
}
