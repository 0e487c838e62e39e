import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  readSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/**
 * What a publisher keeps on disk, in files that only grow: which messages it made, and when; which of them the broker confirmed;
 * and which it refused, as it may refuse hostile ones. A message is recorded before it is sent, and its confirmation after it was
 * received: whenever the publisher is killed, every message is known, and what may be unconfirmed is sent again.
 *
 * The files survive the process, not a power cut: nobody cuts the power.
 */
export interface SpoolWriter {
  made(lines: readonly { readonly number: number; readonly atMs: number }[]): void;
  confirmed(numbers: readonly number[]): void;
  refused(numbers: readonly number[]): void;
}

export function openSpool(folder: string): SpoolWriter {
  const [made, confirmed, refused] = FILES.map((name) => {
    const path = join(folder, name);
    removeUnfinishedLine(path);
    return openSync(path, 'a', 0o600);
  }) as [number, number, number];
  return {
    made: (lines) => write(made, lines.map(({ number, atMs }) => `${number} ${atMs}\n`).join('')),
    confirmed: (numbers) => write(confirmed, linesOf(numbers)),
    refused: (numbers) => write(refused, linesOf(numbers)),
  };
}

/** The content of the spool, as far as it has been read. */
export interface SpoolReader {
  /** By number, in ms since 1970. */
  readonly madeAt: readonly number[];
  readonly confirmed: ReadonlySet<number>;
  readonly refused: ReadonlySet<number>;
  /** Reads what was added since. */
  refresh(): void;
}

export function readSpool(folder: string): SpoolReader {
  const madeAt: number[] = [];
  const confirmed = new Set<number>();
  const refused = new Set<number>();
  const [made, confirmations, refusals] = FILES.map((name) => followLines(join(folder, name))) as [
    () => string[],
    () => string[],
    () => string[],
  ];
  const refresh = (): void => {
    // In this order: what is confirmed or refused by now has been made before.
    const [numbers, refusedNumbers] = [confirmations().map(Number), refusals().map(Number)];
    for (const line of made()) {
      const [number, atMs] = line.split(' ').map(Number) as [number, number];
      madeAt[number] = atMs;
    }
    numbers.forEach((number) => confirmed.add(number));
    refusedNumbers.forEach((number) => refused.add(number));
  };
  refresh();
  return { madeAt, confirmed, refused, refresh };
}

const FILES = ['made', 'confirmed', 'refused'] as const;

const linesOf = (numbers: readonly number[]): string =>
  numbers.map((number) => `${number}\n`).join('');

function write(file: number, text: string): void {
  if (text !== '') writeSync(file, text);
}

/** A publisher that was killed while writing may have left half a line, of a message that was neither sent nor counted. */
function removeUnfinishedLine(path: string): void {
  if (!existsSync(path)) return;
  truncateSync(path, readFileSync(path).lastIndexOf('\n') + 1);
}

/** Returns at each call the complete lines that were added since the last one. */
function followLines(path: string): () => string[] {
  let at = 0;
  return () => {
    if (!existsSync(path)) return [];
    const file = openSync(path, 'r');
    try {
      const chunks: Buffer[] = [];
      for (;;) {
        const chunk = Buffer.alloc(1 << 20);
        const length = readSync(file, chunk, 0, chunk.length, at + sum(chunks));
        if (length === 0) break;
        chunks.push(chunk.subarray(0, length));
      }
      const text = Buffer.concat(chunks).toString('latin1');
      const whole = text.slice(0, text.lastIndexOf('\n') + 1);
      at += whole.length;
      return whole.split('\n').filter((line) => line !== '');
    } finally {
      closeSync(file);
    }
  };
}

function sum(chunks: readonly Buffer[]): number {
  return chunks.reduce((bytes, chunk) => bytes + chunk.length, 0);
}
