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

/** Length in characters (code points), as PostgreSQL counts them. */
export function characterCount(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
