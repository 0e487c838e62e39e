/** Part of a text from outside; an escaped one stands for a character that is not to be seen, or changes how others are. */
export interface ForeignPart {
  readonly text: string;
  readonly isEscaped: boolean;
}

/** Controls, bidi and other formats, what is drawn as nothing, private use, halves of pairs; line breaks and tabs do no harm. */
const UNSEEN =
  /(?![\n\t])[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]+/gu;

/** Parts a text that others have written, so that nothing in it stays unseen: each unseen character becomes `\u{202e}`. */
export function foreignParts(text: string): ForeignPart[] {
  const parts: ForeignPart[] = [];
  let end = 0;
  for (const { 0: unseen, index } of text.matchAll(UNSEEN)) {
    if (index > end) parts.push({ text: text.slice(end, index), isEscaped: false });
    parts.push({ text: [...unseen].map(escaped).join(''), isEscaped: true });
    end = index + unseen.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isEscaped: false });
  return parts;
}

/** The same in one text, for titles and labels. */
export function visibleText(text: string): string {
  return foreignParts(text)
    .map((part) => part.text)
    .join('');
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
