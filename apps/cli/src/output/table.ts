import { visible } from '@backup-awareness/overview/words';

export type Style = 'bold' | 'dim' | 'red' | 'yellow' | 'green';

/** Data to show, perhaps in a colour; its control characters are made visible. */
export type Cell = string | { readonly text: string; readonly style: Style };

/** Styles a safe text, or returns it unchanged if there are no colours. */
export type Paint = (text: string, style: Style) => string;

const CELL_CHARACTERS_MAX = 1_000;
const GAP = '  ';

/** Rows in columns as wide as their widest cell; one line per row, whatever the data contains. */
export function tableLines(
  header: readonly string[] | undefined,
  rows: readonly (readonly Cell[])[],
  paint: Paint,
): string[] {
  const titles = header?.map((text): Cell => ({ text, style: 'bold' }));
  const all = (titles ? [titles, ...rows] : rows).map((row) => row.map(shown));
  const widths: number[] = [];
  for (const row of all)
    row.forEach(({ width }, column) => {
      widths[column] = Math.max(widths[column] ?? 0, width);
    });
  return all.map((row) =>
    row
      .map(({ text, style, width }, column) => {
        const isLast = column === row.length - 1;
        const padding = isLast ? '' : ' '.repeat((widths[column] ?? 0) - width);
        return (style ? paint(text, style) : text) + padding;
      })
      .join(GAP)
      .trimEnd(),
  );
}

interface Shown {
  readonly text: string;
  readonly style: Style | undefined;
  readonly width: number;
}

function shown(cell: Cell): Shown {
  const { text, style } = typeof cell === 'string' ? { text: cell, style: undefined } : cell;
  const safe = visible(cut(text));
  return { text: safe, style, width: textWidth(safe) };
}

function cut(text: string): string {
  if (text.length <= CELL_CHARACTERS_MAX) return text;
  const start = text.slice(0, CELL_CHARACTERS_MAX).toWellFormed();
  return `${start}… (${text.length} characters; --json shows all)`;
}

const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60]/u;
const COMBINING = /\p{Mark}/u;

/** The width of a text in columns of a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text)
    width += COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}
