import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { BROKEN_BUILDS } from './broken/broken-builds.js';
import { TROUBLE_NAMES } from './troubles/troubles.js';

export interface ChaosOptions {
  /** Names of troubles; empty for all. */
  readonly names: readonly string[];
  readonly seed: number;
  readonly isShort: boolean;
  /** The defect to build in. */
  readonly broken?: string;
  readonly wantsHelp: boolean;
}

export const HELP = `npm run chaos -- [TROUBLE ...] [--seed N] [--short] [--broken DEFECT]

Runs the product under load, makes troubles, and compares every report that the broker confirmed with what is stored.
Exits with 1 if anything is lost, doubled, unpaired or misjudged, or a figure is not reached.

  TROUBLE     ${TROUBLE_NAMES.join(' ')}; all by default
  --seed N    repeats the random choices of the run that printed this seed
  --short     a part of it, with few repetitions; times are shown and not judged
  --broken D  runs a copy of the product with a defect, which must be found:
${Object.entries(BROKEN_BUILDS)
  .map(([name, { what }]) => `              ${name}: ${what}`)
  .join('\n')}

RABBITMQ=4 takes RabbitMQ 4, and POSTGRESQL=15, 16 or 17 that PostgreSQL, instead of those of npm start.
`;

/** @throws Error in one line that says what was expected and what was given */
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
    throw new Error(`unknown trouble "${unknown}"; expected one of ${TROUBLE_NAMES.join(', ')}`);
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
