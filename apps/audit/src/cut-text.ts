import { createHash } from 'node:crypto';

/** How much of a report's text the audit log keeps; the whole of it is in engine_backup_log. */
export const KEPT_BYTES_MAX = 4 * 1024;

/** A text that was cut: its beginning, and what tells the whole of it from any other. */
export interface CutText {
  readonly kept: string;
  /** Undefined where nothing was cut. */
  readonly whole?: { readonly bytes: number; readonly sha256: string };
}

/** The first 4 KiB of a text in UTF-8, with no character split. */
export function cutText(text: string): CutText {
  // A unit of UTF-16 takes three bytes at most: nearly always nothing has to be counted.
  if (3 * text.length <= KEPT_BYTES_MAX) return { kept: text };
  const bytes = Buffer.from(text);
  if (bytes.length <= KEPT_BYTES_MAX) return { kept: text };
  let end = KEPT_BYTES_MAX;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { kept: bytes.toString('utf8', 0, end), whole: { bytes: bytes.length, sha256 } };
}
