/**
 * What a terminal would interpret instead of showing: control characters (C0, DEL, C1), invisible characters and those that change the
 * direction of writing, line separators, tags, and lone surrogates.
 */
const UNSHOWN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Data that is safe for a terminal, in one line: what it would not show is written as `\n`, `\x1b` or `\u202e`. */
export function visible(text: string): string {
  return text.replace(UNSHOWN, (character) => SHORT[character] ?? escaped(character));
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  if (code < 0x100) return `\\x${digits.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\u{${digits}}`;
}

/** A value as JSON that is safe to show as it is; it parses to the same value. */
export function visibleJson(value: unknown, indent?: number): string {
  const json = JSON.stringify(value, undefined, indent);
  // A newline here is the indentation's: within a string JSON has escaped it already.
  return json.replace(UNSHOWN, (character) => (character === '\n' ? character : units(character)));
}

function units(character: string): string {
  return Array.from({ length: character.length }, (_, index) => {
    return `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
  }).join('');
}
