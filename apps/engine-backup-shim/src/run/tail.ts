import { isContinuation, MAX_MESSAGE_TEXT_BYTES } from '../spool/cut-text.js';

/** Keeps the end of what is written to it: what a failing program says last says most. */
export interface Tail {
  add(chunk: Buffer): void;
  /** With a first line that says so where something is left out; never more than a message takes, no character cut in two. */
  text(): string;
}

/** The line that says that it was cut fits in beside it. */
const KEPT_BYTES = MAX_MESSAGE_TEXT_BYTES - 100;

export function createTail(): Tail {
  let kept: Buffer = Buffer.alloc(0);
  let total = 0;
  return {
    add: (chunk) => {
      total += chunk.length;
      kept = Buffer.concat([kept, chunk]);
      // Not at every chunk: it is copied each time.
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
