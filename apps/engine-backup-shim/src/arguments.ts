import { parseArgs, type ParseArgsConfig } from 'node:util';
import { errorText } from '@backup-awareness/contracts/plain';
import { wrongUse } from './failure.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** The command's help is to be printed, and nothing else is to be done. */
export class HelpAsked extends Error {
  override readonly name = 'HelpAsked';
}

/**
 * Parses a command's arguments, which are options only. The word after one that takes a value is its value, whatever it begins with: a
 * status is -1, and a message may begin with a dash.
 *
 * @throws Failure that says what is wrong, HelpAsked
 */
export function parseCommand<T extends Options>(args: readonly string[], options: T): Values<T> {
  const known = { ...options, ...HELP };
  try {
    const { values } = parseArgs({ args: joinValues(args, options), options: known });
    if (!(values as { help?: boolean }).help) return values as Values<T>;
  } catch (error) {
    throw wrongUse(errorText(error).split('\n')[0]!);
  }
  throw new HelpAsked();
}

function joinValues(args: readonly string[], options: Options): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!;
    const takesValue = word.startsWith('--') && options[word.slice(2)]?.type === 'string';
    const value = takesValue ? args[++i] : undefined;
    joined.push(value === undefined ? word : `${word}=${value}`);
  }
  return joined;
}
