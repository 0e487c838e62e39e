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

/** The tables that a dump leaves out, and why these. */
export interface Excludes {
  readonly tables: readonly string[];
  readonly mode: BackupSettings['BackupExcludeMode'];
  readonly source: 'answer' | 'kept answer' | 'built-in';
  /** Why it is no fresh answer, and what was refused. */
  readonly warnings: readonly string[];
}

const BUILT_IN: BackupSettings = {
  BackupExcludedTables: EXCLUDED_TABLES,
  BackupExcludeMode: 'data',
};

/**
 * What the administrator has set, as far as this host allows it: asked over the broker, or else (where there was no answer) what was
 * answered last, or else the built-in tables. Never rejects, and takes little longer than two seconds.
 */
export async function chooseExcludes(
  paths: HostPaths,
  configuration: HostConfiguration,
): Promise<Excludes> {
  const allowed = [...EXCLUDED_TABLES, ...configuration.EXCLUDABLE_TABLES];
  const warnings: string[] = [];
  const attempts = [
    ['answer', () => askSettings(configuration)],
    ['kept answer', () => readFileSync(paths.settings, 'utf8')],
  ] as const;
  for (const [source, read] of attempts) {
    try {
      const settings = judgeSettings(await read(), allowed);
      if (source === 'answer') warnings.push(...keep(paths, settings));
      return excludes(settings, source, warnings);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') warnings.push(`${source}: ${errorText(error)}`);
      // The kept answer is older than the one that is refused: its mode may be just what an administrator has done away with.
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
 * Reads an answer, and accepts it only where every table in it stands in this host's list: a setting, however it got there, can
 * never empty a backup.
 *
 * @throws Error where it is refused, whole
 */
export function judgeSettings(text: string, allowed: readonly string[]): BackupSettings {
  const answer = parseObject(text);
  const { BackupExcludedTables: tables, BackupExcludeMode: mode } = answer;
  if (mode !== 'data' && mode !== 'table')
    throw refused('BackupExcludeMode', 'data or table', mode);
  if (!Array.isArray(tables) || tables.length === 0)
    throw refused('BackupExcludedTables', 'an array of names of tables', tables);
  const alien: unknown = tables.find((table) => !allowed.includes(table));
  if (alien !== undefined)
    throw refused('BackupExcludedTables', "only tables of this host's list", alien);
  if (!holdsAllOrNone(tables)) throw refused('BackupExcludedTables', ALL_OR_NONE, tables);
  return { BackupExcludedTables: [...new Set<string>(tables)], BackupExcludeMode: mode };
}

/** The options of pg_dump, which take a name for a pattern: these names hold nothing that is one. */
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

/** There is an answer, and this host must not do what it says. */
class SettingsRefused extends Error {}

function refused(path: string, expected: string, got: unknown): SettingsRefused {
  const came = (JSON.stringify(got) ?? 'nothing').slice(0, 200);
  return new SettingsRefused(`refused: ${path}: expected ${expected}, got ${came}`);
}

/** Keeps an answer for when there is none. @returns what hindered it */
function keep({ state, settings: path }: HostPaths, settings: BackupSettings): string[] {
  try {
    const aside = `${path}.${process.pid}`;
    mkdirSync(state, { recursive: true, mode: 0o700 });
    writeFileSync(aside, `${JSON.stringify(settings)}\n`, { mode: 0o600 });
    renameSync(aside, path);
    return [];
  } catch (error) {
    return [`the answer cannot be kept: ${errorText(error)}`];
  }
}
