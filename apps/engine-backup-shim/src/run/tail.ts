import { isContinuation, MAX_MESSAGE_TEXT_BYTES } from '../spool/cut-text.js';

/** Keeps the end of what is added: the last lines of a failing program say most. */
export interface Tail {
  add(chunk: Buffer): void;
  /** If it is truncated, its first line says so. Never longer than a message may be, and no character is cut in two. */
  text(): string;
}

/** Leaves room for the line about the truncation. */
const KEPT_BYTES = MAX_MESSAGE_TEXT_BYTES - 100;

export function createTail(): Tail {
  let kept: Buffer = Buffer.alloc(0);
  let total = 0;
  return {
    add: (chunk) => {
      total += chunk.length;
      kept = Buffer.concat([kept, chunk]);
      // Not at every chunk, since this copies.
      if (kept.length > 2 * KEPT_BYTES) kept = kept.subarray(kept.length - KEPT_BYTES);
    },
    text: () => {
      let start = Math.max(kept.length - KEPT_BYTES, 0);
      if (total > kept.length - start) while (isContinuation(kept[start])) start++;
      const end = kept.toString('utf8', start);
      const shown = kept.length - start;
      return total > shown ? `[the end of ${total} bytes]\n${end}` : end;
    },
  };
}
