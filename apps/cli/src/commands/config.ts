import {
  DISABLED,
  isSettingName,
  isUnrestorable,
  parseSetting,
  SETTING_NAMES,
  SETTINGS,
  tablesOfNoDefault,
} from '@backup-awareness/contracts/plain';
import type { Command } from 'commander';
import { BY_OPTION, type ChangeOptions, type CommandContext } from './arguments/command-context.js';
import { administer, readDatabase } from '../installation/database-session.js';
import { WrongUse } from '../output/failure.js';
import { showPreview } from '../output/show-preview.js';
import {
  databaseToRead,
  findInstallation,
  requireDatabase,
} from '../installation/find-installation.js';
import { localTime, utc } from '../words/local-time.js';
import { suggestion } from '../words/nearest-name.js';
import { whoIs } from '../installation/who.js';

interface ConfigOptions extends ChangeOptions {
  readonly list?: true;
  readonly all?: true;
  readonly diff?: true;
  readonly get?: string;
  readonly set?: string;
  readonly force?: true;
  readonly preview?: true;
  readonly cver?: string;
}

export function addConfigCommand(program: Command, context: CommandContext): void {
  program
    .command('config')
    .description('show and change settings, with the options of engine-config')
    .option('-l, --list', 'list the keys, their meaning and their valid values')
    .option('-a, --all', 'show all values')
    .option('-d, --diff', 'show the values that differ from their default')
    .option('-g, --get <KEY>', 'print the value of a key')
    .option('-s, --set <KEY=VALUE>', 'change the value of a key')
    .option(
      '--force',
      'allow a value with which engine-backup makes archives that it cannot restore',
    )
    .option(
      '--preview',
      'with -s: change nothing; show which alerts the change would raise and clear',
    )
    .option('--cver <VERSION>', 'the version of the settings, for engine-config: general')
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nA change takes effect within 2 seconds, with no restart, and is in the audit log.\n' +
        '\nExamples:\n' +
        '  backup-awareness config -s BackupAlertPeriodInDays=2 --preview\n' +
        '  backup-awareness config -s BackupAlertPeriodInDays=2\n' +
        '  backup-awareness config -s BackupCheckPeriodInHours=-1',
    )
    .action((_options, command: Command) => config(command.optsWithGlobals(), context));
}

async function config(options: ConfigOptions, context: CommandContext): Promise<void> {
  const { list, all, diff, get, set, cver } = options;
  if (cver !== undefined && cver !== 'general')
    throw new WrongUse(
      `config --cver: expected general, the version of every setting, got ${JSON.stringify(cver)}`,
    );
  const asked = [list, all, diff, get, set].filter((option) => option !== undefined);
  if (asked.length !== 1)
    throw new WrongUse(
      `config: expected one of -l, -a, -d, -g KEY and -s KEY=VALUE, got ${asked.length === 0 ? 'none' : asked.length}`,
    );
  if (options.preview && set === undefined)
    throw new WrongUse('config: expected --preview together with -s KEY=VALUE');
  if (list) return listKeys(options, context);
  if (get !== undefined) return getValue(get, options, context);
  if (set !== undefined) return setValue(set, options, context);
  return showValues({ ...options, onlyDifferent: diff === true }, context);
}

function listKeys({ json }: ConfigOptions, { out }: CommandContext): void {
  const keys = SETTING_NAMES.map((name) => {
    const { description, expected, defaultValue } = SETTINGS[name];
    return { name, description, values: expected, default: defaultValue };
  });
  if (json) return out.json(keys);
  keys.forEach(({ name, description, values, default: defaultValue }, index) => {
    if (index > 0) out.line();
    out.line(name, 'bold');
    out.rows([
      ['  what', description],
      ['  values', values],
      ['  default', defaultValue],
    ]);
  });
}

interface StoredValue {
  readonly name: string;
  readonly value: string;
  readonly default: string;
  readonly changed_at: string | null;
}

async function readValues({ environment }: CommandContext): Promise<StoredValue[]> {
  const url = databaseToRead(findInstallation(environment));
  const rows = await readDatabase<(StoredValue & { changed_at: Date | null })[]>(url, (sql) =>
    sql.query(
      `SELECT option_name AS name, option_value AS value, default_value AS default, changed_at
       FROM vdc_options WHERE version = 'general' ORDER BY option_name`,
    ),
  );
  return rows.map((row) => ({ ...row, changed_at: utc(row.changed_at) }));
}

async function showValues(
  { json, onlyDifferent }: ConfigOptions & { onlyDifferent: boolean },
  context: CommandContext,
): Promise<void> {
  const { out } = context;
  const values = (await readValues(context)).filter(
    ({ value, default: defaultValue }) => !onlyDifferent || value !== defaultValue,
  );
  if (json) return out.json(values);
  if (values.length === 0) return out.line('All settings have their default values.');
  out.table(
    ['KEY', 'CHANGED', 'DEFAULT', 'VALUE'],
    values.map(({ name, value, default: defaultValue, changed_at: changedAt }) => [
      name,
      changedAt === null ? 'never' : localTime(changedAt),
      value === defaultValue ? 'same' : defaultValue,
      value === defaultValue ? value : { text: value, style: 'yellow' },
    ]),
  );
  values
    .flatMap(({ name, value }) => warningsOf(name, value))
    .forEach((warning) => out.line(warning, 'yellow'));
}

async function getValue(
  key: string,
  { json }: ConfigOptions,
  context: CommandContext,
): Promise<void> {
  requireKey(key);
  const found = (await readValues(context)).find(({ name }) => name === key);
  if (!found)
    throw new Error(`${key} has no value: the row that the migrations insert was removed`);
  if (json) context.out.json(found);
  else context.out.line(found.value);
}

/** @throws WrongUse for an unknown key */
function requireKey(key: string): void {
  if (isSettingName(key)) return;
  const keys = SETTING_NAMES.join(', ');
  throw new WrongUse(
    `unknown setting ${JSON.stringify(key)}; valid settings: ${keys}${suggestion(key, SETTING_NAMES)}`,
  );
}

async function setValue(
  assignment: string,
  { by, json, force, preview }: ConfigOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const equals = assignment.indexOf('=');
  if (equals < 0)
    throw new WrongUse(`config -s: expected KEY=VALUE, got ${JSON.stringify(assignment)}`);
  const name = assignment.slice(0, equals);
  const value = assignment.slice(equals + 1);
  requireKey(name);
  // Before anything connects: an invalid value is refused even if nothing is running.
  const parsed = parseSetting(name, value);
  if (!parsed.ok) throw new WrongUse(parsed.invalid.reason);
  if (isUnrestorable(name, value) && !force)
    throw new WrongUse(
      `${name}=${value}: engine-backup --mode=restore fails on archives made with it. Use ${name}=data, or add --force.`,
    );
  if (preview) {
    const { proposedChange } = await import('@backup-awareness/overview/judgement');
    const change = proposedChange(name, parsed.value);
    if (change === undefined)
      throw new WrongUse(
        `config: --preview covers alerts about freshness only, which ${name} does not affect`,
      );
    const { previewChange } = await import('../installation/preview-change.js');
    const found = await previewChange(environment, change);
    return showPreview(out, `${name}=${parsed.value}`, found, json);
  }
  const url = requireDatabase(findInstallation(environment));
  const who = whoIs(environment, by);
  const change = await administer(url, ({ database, dataSource }) =>
    database.setOption(dataSource, { name, value, who }),
  );
  if (json) return out.json(change);
  if (change.outcome === 'unchanged') return out.line(`${name} is already ${change.to}.`);
  out.line(`${name} set to ${change.to} (was ${change.from}).`);
  if (name === 'BackupCheckPeriodInHours' && change.to === DISABLED)
    out.line(
      'The feature is disabled: every alert is cleared, and no engine is checked.',
      'yellow',
    );
  warningsOf(name, change.to).forEach((warning) => out.line(warning, 'yellow'));
}

/** Warnings about a valid value. */
function warningsOf(name: string, value: string): string[] {
  if (isUnrestorable(name, value))
    return [`engine-backup --mode=restore fails on archives made with ${name}=${value}.`];
  const others = name === 'BackupExcludedTables' ? tablesOfNoDefault(value) : [];
  if (others.length === 0) return [];
  return [
    `Not among the default tables: ${others.join(', ')}. A host whose EXCLUDABLE_TABLES does not name them refuses the whole list.`,
  ];
}
