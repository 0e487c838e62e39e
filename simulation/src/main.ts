import { randomInt } from 'node:crypto';
import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { simulate, type Simulation } from './simulate.js';

const USAGE = 'Usage: npm run simulate -- [--seed NUMBER] [--histories NUMBER]';
const DEFAULT_HISTORIES = 100_000;
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
  let simulation: Simulation;
  try {
    simulation = readArguments(args);
  } catch (error) {
    errors.write(`backup-awareness: ${(error as Error).message}\n${USAGE}\n`);
    return 2;
  }
  const { seed, histories } = simulation;
  output.write(`Seed ${seed}: ${histories} histories\n`);
  const startedAt = performance.now();
  for (let done = 0; done < histories; done += CHUNK) {
    await yieldToSignals();
    if (signal.aborted) return 1;
    const chunk = { seed: seed + done / CHUNK, histories: Math.min(CHUNK, histories - done) };
    const difference = simulate(chunk);
    if (difference !== undefined) {
      output.write(`\n${difference}\n${repeatCommand(chunk)}\n`);
      return 1;
    }
    showProgress(output, done + chunk.histories, histories, startedAt);
  }
  output.write(`The decision and the naive model agree in all ${histories} histories.\n`);
  return 0;
}

/** @throws an error that says what was expected and what is there */
function readArguments(args: readonly string[]): Simulation {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, histories: { type: 'string' } },
  });
  return {
    seed: readWhole('--seed', values.seed, 0, GREATEST_SEED) ?? randomInt(GREATEST_SEED),
    histories: readWhole('--histories', values.histories, 1, MOST_HISTORIES) ?? DEFAULT_HISTORIES,
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

function repeatCommand({ seed, histories }: Simulation): string {
  return `To repeat it: npm run simulate -- --seed ${seed} --histories ${histories}`;
}

/** On a terminal, one line that is overwritten; anywhere else, a line for each tenth. */
function showProgress(output: Output, done: number, of: number, startedAt: number): void {
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
  const text = `${done} of ${of} histories (${seconds} s)`;
  if (output.isTTY) output.write(`\r${text}${done === of ? '\n' : ''}`);
  else if (done === of || Math.floor((done * 10) / of) > Math.floor(((done - CHUNK) * 10) / of))
    output.write(`${text}\n`);
}
