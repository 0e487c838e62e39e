import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { BROKEN_BUILDS } from './broken/broken-builds.js';
import { TROUBLE_NAMES } from './troubles/troubles.js';

export interface ChaosOptions {
  /** Names of troubles; all where none is given. */
  readonly names: readonly string[];
  readonly seed: number;
  readonly isShort: boolean;
  /** The defect to build in. */
  readonly broken?: string;
  readonly wantsHelp: boolean;
}

export const HELP = `npm run chaos -- [TROUBLE ...] [--seed N] [--short] [--broken DEFECT]

Runs the product under load, makes troubles, and compares every report that the broker has confirmed with what is stored.
Exits with 1 when anything is lost, doubled, unpaired or judged wrongly, or a figure is not reached.

  TROUBLE     ${TROUBLE_NAMES.join(' ')}; all unless told
  --seed N    draws the same again: what is done when and to whom; told at each run
  --short     a part of it, with few repetitions; times are told and not judged
  --broken D  breaks a copy of the product on purpose, which has to be found:
${Object.entries(BROKEN_BUILDS)
  .map(([name, { what }]) => `              ${name}: ${what}`)
  .join('\n')}
`;

/** @throws Error in one line that says what was expected and what came */
export function parseOptions(args: readonly string[]): ChaosOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      seed: { type: 'string' },
      short: { type: 'boolean', default: false },
      broken: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = positionals.find((name) => !TROUBLE_NAMES.includes(name));
  if (unknown !== undefined)
    throw new Error(`no trouble "${unknown}"; expected some of ${TROUBLE_NAMES.join(', ')}`);
  const { broken } = values;
  if (broken !== undefined && !Object.hasOwn(BROKEN_BUILDS, broken)) {
    const names = Object.keys(BROKEN_BUILDS).join(' or ');
    throw new Error(`--broken: expected ${names}, got "${broken}"`);
  }
  return {
    names: positionals,
    seed: values.seed === undefined ? randomInt(1_000_000) : parseSeed(values.seed),
    isShort: values.short,
    wantsHelp: values.help,
    ...(broken === undefined ? {} : { broken }),
  };
}

function parseSeed(text: string): number {
  const seed = Number(text);
  if (text.trim() !== '' && Number.isSafeInteger(seed)) return seed;
  throw new Error(`--seed: expected a whole number, got "${text}"`);
}
