import { closeSync, existsSync, fsyncSync, openSync, unlinkSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { codeOf } from '../failure.js';

/**
 * Room on the disk of the spool that is kept for reports: the backup that fills the disk is the one that must be told of. Files of
 * their own, each of which gives room for data and for one more file; the drop-in knows their names, too.
 */
const PIECES = [1, 2, 3, 4].map((number) => `reserve.${number}`);
const PIECE_BYTES = 256 * 1024;

const NO_ROOM = ['ENOSPC', 'EDQUOT'];

/** Makes what is missing of the reserve, as far as there is room for it. */
export function fillReserve(state: string): void {
  for (const piece of PIECES) {
    const path = join(state, piece);
    if (!existsSync(path) && !makePiece(path)) return;
  }
}

/**
 * Does something that takes room on the disk of the spool: as long as there is none, a piece of the reserve is given up for it.
 *
 * @throws the error of `work` where there is still no room, or another one
 */
export async function withReserve<T>(state: string, work: () => T | Promise<T>): Promise<T> {
  for (;;)
    try {
      return await work();
    } catch (error) {
      if (!NO_ROOM.includes(codeOf(error) ?? '') || !giveUpPiece(state)) throw error;
    }
}

/** Gives all of it up. */
export function removeReserve(state: string): void {
  while (giveUpPiece(state));
}

function giveUpPiece(state: string): boolean {
  const path = PIECES.map((piece) => join(state, piece)).find((it) => existsSync(it));
  if (path === undefined) return false;
  unlinkSync(path);
  return true;
}

/** Of bytes that no file system can store in less room. */
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
