/** How much of a message goes into a report; the rest is in the log that the report names. */
export const MAX_MESSAGE_TEXT_BYTES = 64 * 1024;

/** Truncates to `maxBytes` of UTF-8, with a last line that says so. No character is cut in two. */
export function cutText(text: string, maxBytes = MAX_MESSAGE_TEXT_BYTES): string {
  // No character takes more than three bytes for each unit of its length.
  if (text.length * 3 <= maxBytes) return text;
  const bytes = Buffer.from(text);
  if (bytes.length <= maxBytes) return text;
  const note = `\n[cut here: the message had ${bytes.length} bytes]`;
  let end = maxBytes - note.length;
  while (isContinuation(bytes[end])) end--;
  return bytes.toString('utf8', 0, end) + note;
}

export function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}
