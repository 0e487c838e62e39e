/** Of an item like `  0  every engine is fresh`: the column where its explanation begins. */
const ITEM = /^ {2}\S.*? {2,}(?=\S)/;

/** Breaks the long lines of a help text at spaces; what follows a break is indented as the line is. Examples are kept in one line. */
export function wrapHelp(text: string, width: number): string {
  return text
    .split('\n')
    .flatMap((line) => (line.length <= width || isExample(line) ? [line] : wrapLine(line, width)))
    .join('\n');
}

/** An indented line without an explanation, to be copied as it is. */
function isExample(line: string): boolean {
  return line.startsWith('  ') && !ITEM.test(line);
}

function wrapLine(line: string, width: number): string[] {
  const indent = ITEM.exec(line)?.[0].length ?? 0;
  const lines: string[] = [];
  let current = line.slice(0, indent);
  let isEmpty = true;
  for (const word of line.slice(indent).split(' ')) {
    if (!isEmpty && current.length + 1 + word.length > width) {
      lines.push(current);
      current = ' '.repeat(indent);
      isEmpty = true;
    }
    current += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, current];
}
