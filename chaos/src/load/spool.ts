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
 * What a publisher keeps on disk, in two files that only grow: which messages it has made, and when; and which of them the
 * broker has confirmed. A message is written down before it is sent and its confirmation only after it has come, so that
 * whenever the publisher is killed nothing confirmed is unknown, and what is not known to be confirmed is sent again.
 *
 * They outlive the process, and that is all that is needed: nobody cuts the power.
 */
export interface SpoolWriter {
  made(lines: readonly { readonly number: number; readonly atMs: number }[]): void;
  confirmed(numbers: readonly number[]): void;
}

export function openSpool(folder: string): SpoolWriter {
  const [made, confirmed] = [madeFile(folder), confirmedFile(folder)].map((path) => {
    removeUnfinishedLine(path);
    return openSync(path, 'a', 0o600);
  }) as [number, number];
  return {
    made: (lines) => write(made, lines.map(({ number, atMs }) => `${number} ${atMs}\n`).join('')),
    confirmed: (numbers) => write(confirmed, numbers.map((number) => `${number}\n`).join('')),
  };
}

/** What the spool says, as far as it has been read. */
export interface SpoolReader {
  /** By number, in ms since 1970. */
  readonly madeAt: readonly number[];
  readonly confirmed: ReadonlySet<number>;
  /** Reads on. */
  refresh(): void;
}

export function readSpool(folder: string): SpoolReader {
  const madeAt: number[] = [];
  const confirmed = new Set<number>();
  const made = followLines(madeFile(folder));
  const confirmations = followLines(confirmedFile(folder));
  const refresh = (): void => {
    // In this order: what is confirmed now was made before.
    const numbers = confirmations().map(Number);
    for (const line of made()) {
      const [number, atMs] = line.split(' ').map(Number) as [number, number];
      madeAt[number] = atMs;
    }
    numbers.forEach((number) => confirmed.add(number));
  };
  refresh();
  return { madeAt, confirmed, refresh };
}

const madeFile = (folder: string): string => join(folder, 'made');
const confirmedFile = (folder: string): string => join(folder, 'confirmed');

function write(file: number, text: string): void {
  if (text !== '') writeSync(file, text);
}

/** Killed in the middle of a write, the publisher may have left half a line: it was neither sent nor counted. */
function removeUnfinishedLine(path: string): void {
  if (!existsSync(path)) return;
  truncateSync(path, readFileSync(path).lastIndexOf('\n') + 1);
}

/** Gives back at each call the whole lines that were added since the last one. */
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
