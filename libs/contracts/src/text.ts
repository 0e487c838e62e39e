const NUL = /\u0000/g;

/** Text as PostgreSQL can keep it: a NUL or a lone surrogate becomes U+FFFD, all else stays. */
export function storableText(text: string): string {
  const withoutNul = text.includes('\u0000') ? text.replace(NUL, '\ufffd') : text;
  return withoutNul.toWellFormed();
}

/** Whether `storableText` would leave the text as it is. */
export function isStorableText(text: string): boolean {
  return !text.includes('\u0000') && text.isWellFormed();
}

/** Whether a text has more characters (code points, as PostgreSQL counts them) than `max`. */
export function hasMoreCharacters(text: string, max: number): boolean {
  // A character is one or two of JavaScript's units, so that they seldom have to be counted.
  if (text.length <= max) return false;
  if (text.length > 2 * max) return true;
  let count = 0;
  for (const _ of text) count++;
  return count > max;
}
