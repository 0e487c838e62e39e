import { randomInt } from 'node:crypto';
import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { simulateCoverage } from './coverage-model/coverage-difference.js';
import { simulate, type Simulation } from './simulate.js';

const USAGE = 'Usage: npm run simulate -- [--coverage] [--seed NUMBER] [--histories NUMBER]';
const DEFAULT_HISTORIES = 100_000;
/** Each is walked minute by minute. */
const DEFAULT_COVERAGE_HISTORIES = 10_000;
/** Leaves room for the 32-bit seeds of chunks. */
const GREATEST_SEED = 2 ** 30;
const MOST_HISTORIES = 100_000_000;

/** So many histories run at a time; each chunk has its own seed, counted up from the first. */
const CHUNK = 1_000;

export interface MainOptions {
  readonly arguments: readonly string[];
  /** Aborts when the process gets a signal to stop. */
  readonly signal: AbortSignal;
  readonly output?: Output;
  readonly errors?: Output;
}

interface Output {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** `npm run simulate`: runs generated histories until one fails. @returns the exit code */
export async function main(options: MainOptions): Promise<number> {
  const { arguments: args, signal, output = process.stdout, errors = process.stderr } = options;
  let simulation: Wanted;
  try {
    simulation = readArguments(args);
  } catch (error) {
    errors.write(`backup-awareness: ${(error as Error).message}\n${USAGE}\n`);
    return 2;
  }
  const { seed, histories, isCoverage } = simulation;
  const run = isCoverage ? simulateCoverage : simulate;
  output.write(`Seed ${seed}: ${histories} histories\n`);
  const startedAt = performance.now();
  for (let done = 0; done < histories; done += CHUNK) {
    await yieldToSignals();
    if (signal.aborted) return 1;
    const chunk = { seed: seed + done / CHUNK, histories: Math.min(CHUNK, histories - done) };
    const difference = run(chunk);
    if (difference !== undefined) {
      output.write(`\n${difference}\n${repeatCommand({ ...chunk, isCoverage })}\n`);
      return 1;
    }
    showProgress(output, done + chunk.histories, histories, startedAt);
  }
  const what = isCoverage ? 'Coverage' : 'The decision';
  output.write(`${what} and the naive model agree in all ${histories} histories.\n`);
  return 0;
}

interface Wanted extends Simulation {
  /** Coverage of a span of time, and not the decision step by step. */
  readonly isCoverage: boolean;
}

/** @throws an error that says what was expected and what is there */
function readArguments(args: readonly string[]): Wanted {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seed: { type: 'string' },
      histories: { type: 'string' },
      coverage: { type: 'boolean' },
    },
  });
  const isCoverage = values.coverage === true;
  const byDefault = isCoverage ? DEFAULT_COVERAGE_HISTORIES : DEFAULT_HISTORIES;
  return {
    isCoverage,
    seed: readWhole('--seed', values.seed, 0, GREATEST_SEED) ?? randomInt(GREATEST_SEED),
    histories: readWhole('--histories', values.histories, 1, MOST_HISTORIES) ?? byDefault,
  };
}

function readWhole(
  name: string,
  text: string | undefined,
  least: number,
  greatest: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < least || value > greatest)
    throw new Error(`${name}: expected a whole number from ${least} to ${greatest}, got "${text}"`);
  return value;
}

function repeatCommand({ seed, histories, isCoverage }: Wanted): string {
  const coverage = isCoverage ? '--coverage ' : '';
  return `To repeat it: npm run simulate -- ${coverage}--seed ${seed} --histories ${histories}`;
}

/** On a terminal, one line that is overwritten; anywhere else, a line for each tenth. */
function showProgress(output: Output, done: number, of: number, startedAt: number): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const text = `${done} of ${of} histories (${seconds} s)`;
  if (output.isTTY) output.write(`\r${text}${done === of ? '\n' : ''}`);
  else if (done === of || Math.floor((done * 10) / of) > Math.floor(((done - CHUNK) * 10) / of))
    output.write(`${text}\n`);
}
