import {
  badValue,
  KEY_NAMES,
  KEYS,
  parseConfiguration,
  type KeyName,
} from '../host/configuration.js';
import { wrongUse } from '../failure.js';

const HEADER =
  '# Backup Awareness on this engine host: see engine-backup-shim(8). KEY=VALUE, without quotes.';

/** Values of the configuration as text, by key. */
export type Settings = Partial<Record<KeyName, string>>;

/**
 * A configuration file with these values: the present one, its other lines and comments kept, or a new one with every key.
 *
 * @throws Failure that names the key, the expected value and the actual one, if a new or a present value is invalid
 */
export function configurationText(present: string | undefined, values: Settings): string {
  for (const [name, value] of entries(values))
    if (/[\r\n\0]/.test(value) || KEYS[name].read(value) === undefined)
      throw wrongUse(badValue(name, value));
  const text = entries(values).reduce(withValue, present ?? template());
  const { configuration, problems } = parseConfiguration(text);
  if (problems.length > 0) throw wrongUse(`invalid configuration: ${problems[0]}`);
  for (const name of ['BROKER_URL', 'BROKER_USER'] as const)
    if (configuration[name] === '') throw wrongUse(`${optionOf(name)} or ${name} is missing`);
  return text;
}

/** The option of `install` that sets a key. */
export function optionOf(name: KeyName): string {
  return `--${name.toLowerCase().replaceAll('_', '-')}`;
}

function template(): string {
  const lines = KEY_NAMES.map((name) => `#${name}=${String(KEYS[name].defaultValue)}`);
  return [HEADER, ...lines, ''].join('\n');
}

/** Replaces the line of a key, or its commented default, or appends a line. */
function withValue(text: string, [name, value]: [KeyName, string]): string {
  const line = `${name}=${value}`;
  const lines = text.split('\n');
  const isOf = (start: string) => (it: string) => it.trim().startsWith(start);
  const last = lines.findLastIndex(isOf(`${name}=`));
  const place = last === -1 ? lines.findIndex(isOf(`#${name}=`)) : last;
  if (place !== -1) return lines.map((it, index) => (index === place ? line : it)).join('\n');
  return `${text.replace(/\n*$/, '\n')}${line}\n`;
}

function entries(values: Settings): [KeyName, string][] {
  return Object.entries(values) as [KeyName, string][];
}
