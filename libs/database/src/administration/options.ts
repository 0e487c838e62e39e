import { parseSetting, settingChanged, type SettingName } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { enqueue } from '../outbox/outbox.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import type { VdcOption } from '../entities/vdc-option.entity.js';
import { parseAuthor } from './arguments.js';
import { readClock } from './locked-engine.js';
import { acceptedValue } from './refused-error.js';

export interface StoredOption {
  readonly name: string;
  readonly value: string;
  readonly defaultValue: string;
  /** Null if it was never changed. */
  readonly changedAt: Date | null;
}

/** All stored settings, by name. */
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

/** Somebody else has changed the setting since it was looked at. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';

  constructor(setting: string, expected: string, got: string) {
    super(`${setting} was changed meanwhile: expected ${expected}, got ${got}`);
  }
}

/**
 * Changes a setting and publishes the change; does nothing if it already has this value.
 *
 * @throws RefusedError for an unknown setting or an invalid value
 */
export async function setOption(
  dataSource: DataSource,
  request: {
    readonly name: string;
    readonly value: string;
    readonly who: string;
    /** The value that is changed; by default any. */
    readonly from?: string | undefined;
  },
): Promise<OptionChange> {
  const to = acceptedValue(parseSetting(request.name, request.value));
  const name = request.name as SettingName;
  const who = parseAuthor(request.who);
  return inTransaction(dataSource, async (manager) => {
    const where = { optionName: name, version: 'general' };
    const stored = await manager.findOne<VdcOption>('VdcOption', {
      where,
      lock: { mode: 'pessimistic_write' },
    });
    const from = stored?.optionValue;
    if (from === undefined)
      throw new Error(
        `vdc_options has no row for ${name}: the schema creates it, so somebody deleted it`,
      );
    if (request.from !== undefined && request.from !== from)
      throw new ChangedMeanwhile(name, request.from, from);
    if (from === to) return { outcome: 'unchanged', name, from, to };
    const changedAt = await readClock(manager);
    await manager.update<VdcOption>('VdcOption', where, { optionValue: to, changedAt });
    await enqueue(manager, [
      settingChanged({ who, what: name, from, to, when: changedAt.toISOString() }),
    ]);
    return { outcome: 'changed', name, from, to };
  });
}
