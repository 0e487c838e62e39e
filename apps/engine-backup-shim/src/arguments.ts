import { parseArgs, type ParseArgsConfig } from 'node:util';
import { errorText } from '@backup-awareness/contracts/plain';
import { wrongUse } from './failure.js';

type Options = NonNullable<ParseArgsConfig['options']>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T }>>['values'];

const HELP = { help: { type: 'boolean', short: 'h' } } as const;

/** Only the command's help is to be printed. */
export class HelpRequested extends Error {
  override readonly name = 'HelpRequested';
}

/**
 * Parses a command's arguments, which are options only. The word after an option with a value is always its value: a status is -1, and a
 * message may begin with a dash.
 *
 * @throws Failure if an argument is wrong; HelpRequested
 */
export function parseCommand<T extends Options>(args: readonly string[], options: T): Values<T> {
  const known = { ...options, ...HELP };
  try {
    const { values } = parseArgs({ args: joinValues(args, options), options: known });
    if (!(values as { help?: boolean }).help) return values as Values<T>;
  } catch (error) {
    throw wrongUse(errorText(error).split('\n')[0]!);
  }
  throw new HelpRequested();
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
