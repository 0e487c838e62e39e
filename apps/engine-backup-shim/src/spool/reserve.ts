import { closeSync, existsSync, fsyncSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { codeOf } from '../failure.js';

/**
 * Reserved disk space for reports: the backup that fills the disk is the one that must be reported. Each piece is a file, which gives
 * room for data and for one more file. The drop-in uses the same names.
 */
const PIECES = [1, 2, 3, 4].map((number) => `reserve.${number}`);
const PIECE_BYTES = 256 * 1024;

const NO_ROOM = ['ENOSPC', 'EDQUOT'];

/** Creates the missing pieces of the reserve, as far as there is room. */
export function fillReserve(state: string): void {
  for (const piece of PIECES) {
    const path = join(state, piece);
    if (!existsSync(path) && !makePiece(path)) return;
  }
}

/**
 * Does work that needs space on the disk of the spool. While the disk is full, releases a piece of the reserve and tries again.
 *
 * @throws the error of `work`, if the reserve is used up or it is another error
 */
export async function withReserve<T>(state: string, work: () => T | Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!NO_ROOM.includes(codeOf(error) ?? '') || !giveUpPiece(state)) throw error;
    }
}

function giveUpPiece(state: string): boolean {
  const path = PIECES.map((piece) => join(state, piece)).find((it) => existsSync(it));
  if (path === undefined) return false;
  unlinkSync(path);
  return true;
}

/** Random bytes, which no file system can compress. */
function makePiece(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    try {
      writeFileSync(file, randomBytes(PIECE_BYTES));
      fsyncSync(file);
      return true;
    } catch {
      unlinkSync(path);
      return false;
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}
