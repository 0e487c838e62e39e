import { createHash } from 'node:crypto';

/** How much of a report's text the audit log keeps; the full text is in engine_backup_log. */
const KEPT_BYTES_MAX = 4 * 1024;

/** The kept part of a text, and what identifies the whole. */
export interface CutText {
  readonly kept: string;
  /** Undefined if nothing was cut. */
  readonly whole?: { readonly bytes: number; readonly sha256: string };
}

/** The first 4 KiB of a text in UTF-8, without splitting a character. */
export function cutText(text: string): CutText {
  // A UTF-16 unit takes at most three bytes of UTF-8: nearly always there is nothing to count.
  if (3 * text.length <= KEPT_BYTES_MAX) return { kept: text };
  const bytes = Buffer.from(text);
  if (bytes.length <= KEPT_BYTES_MAX) return { kept: text };
  let end = KEPT_BYTES_MAX;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kept: bytes.toString('utf8', 0, end), whole: { bytes: bytes.length, sha256 } };
}
