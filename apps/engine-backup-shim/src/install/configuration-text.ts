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

/** Values of the configuration as they stand in it, by their keys. */
export type Settings = Partial<Record<KeyName, string>>;

/**
 * The text of a configuration with these values: the present one with its lines and comments kept, or a new one that names every key.
 *
 * @throws Failure that names the key, what was expected and what came, for a new value or one that is there
 */
export function configurationText(present: string | undefined, values: Settings): string {
  for (const [name, value] of entries(values))
    if (/[\r\n\0]/.test(value) || KEYS[name].read(value) === undefined)
      throw wrongUse(badValue(name, value));
  const text = entries(values).reduce(withValue, present ?? template());
  const { configuration, problems } = parseConfiguration(text);
  if (problems.length > 0) throw wrongUse(`the configuration has a bad value: ${problems[0]}`);
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

/** Sets a key where it stands, or in the place of its commented default, or at the end. */
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
