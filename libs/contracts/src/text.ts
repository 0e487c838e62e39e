const NUL = /\u0000/g;

/** Text that PostgreSQL can store: a NUL or a lone surrogate becomes U+FFFD. */
export function storableText(text: string): string {
  const withoutNul = text.includes('\u0000') ? text.replace(NUL, '\ufffd') : text;
  return withoutNul.toWellFormed();
}

/** Whether `storableText` leaves the text unchanged. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

/** Whether a text has more characters (code points, as PostgreSQL counts them) than `max`. */
export function hasMoreCharacters(text: string, max: number): boolean {
  // A character has one or two of JavaScript's units: counting is rarely needed.
  if (text.length <= max) return false;
  if (text.length > 2 * max) return true;
  let count = 0;
  for (const _ of text) count++;
  return count > max;
}
