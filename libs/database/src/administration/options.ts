import { parseSetting, settingChanged, type SettingName } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { readWho } from './arguments.js';
import { readClock } from './locked-engine.js';
import { acceptedValue } from './refused-error.js';

export interface StoredOption {
  readonly name: string;
  readonly value: string;
  readonly defaultValue: string;
  /** Null while it never was changed. */
  readonly changedAt: Date | null;
}

/** Every setting that is stored, by name. */
export async function readOptions(dataSource: SqlRunner): Promise<StoredOption[]> {
  return dataSource.query(
    `SELECT option_name AS name, option_value AS value, default_value AS "defaultValue", changed_at AS "changedAt"
     FROM vdc_options WHERE version = 'general' ORDER BY option_name`,
  );
}

export interface OptionChange {
  readonly outcome: 'changed' | 'unchanged';
  readonly name: SettingName;
  readonly from: string;
  readonly to: string;
}

/**
 * Changes a setting and tells of it; a value that it has already changes nothing and tells nothing.
 *
 * @throws RefusedError for an unknown name or a value it may not have
 */
export async function setOption(
  dataSource: DataSource,
  request: { readonly name: string; readonly value: string; readonly who: string },
): Promise<OptionChange> {
  const to = acceptedValue(parseSetting(request.name, request.value));
  const name = request.name as SettingName;
  const who = readWho(request.who);
  return inTransaction(dataSource, async (manager) => {
    const rows: { value: string }[] = await manager.query(
      `SELECT option_value AS value FROM vdc_options WHERE option_name = $1 AND version = 'general' FOR UPDATE`,
      [name],
    );
    const from = rows[0]?.value;
    if (from === undefined)
      throw new Error(
        `vdc_options has no row for ${name}, which the schema brings: it was removed`,
      );
    if (from === to) return { outcome: 'unchanged', name, from, to };
    const changedAt = await readClock(manager);
    await manager.query(
      `UPDATE vdc_options SET option_value = $2, changed_at = $3 WHERE option_name = $1 AND version = 'general'`,
      [name, to, changedAt],
    );
    await enqueue(manager, [
      settingChanged({ who, what: name, from, to, when: changedAt.toISOString() }),
    ]);
    return { outcome: 'changed', name, from, to };
  });
}
