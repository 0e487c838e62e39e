import { repaintText } from './repaint-text.js';
import { tableLines, type Cell, type Paint, type Style } from './table.js';
import { visible, visibleJson } from '@backup-awareness/overview/words';

/** The only way to standard output. Data may contain anything: nothing unsafe reaches a terminal. */
export interface Output {
  /** Whether a person reads it as it comes. */
  readonly isTerminal: boolean;
  /** One line. */
  line(text?: string, style?: Style): void;
  /** Rows under a header, aligned. */
  table(header: readonly string[], rows: readonly (readonly Cell[])[]): void;
  /** Rows without a header, aligned. */
  rows(rows: readonly (readonly Cell[])[]): void;
  /** Our own text in lines, without data. */
  text(text: string): void;
  /** A whole document. */
  json(value: unknown): void;
  /** A document in one line, for a stream. */
  jsonLine(value: unknown): void;
  /** What is shown again and again: in place of what a terminal shows, elsewhere one block after the other. */
  repaint(show: (out: Output) => void): void;
}

export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  /** The height of a terminal in lines. */
  readonly rows?: number | undefined;
  write(text: string): unknown;
}

export function createOutput(stream: OutputStream, environment: NodeJS.ProcessEnv): Output {
  const isTerminal = stream.isTTY === true && environment['TERM'] !== 'dumb';
  const paint = painter(isTerminal && !environment['NO_COLOR']);
  const writeLines = (lines: readonly string[]): void => {
    if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
  };
  return {
    isTerminal,
    line(text = '', style) {
      const safe = visible(text);
      writeLines([style ? paint(safe, style) : safe]);
    },
    table: (header, rows) => writeLines(tableLines(header, rows, paint)),
    rows: (rows) => writeLines(tableLines(undefined, rows, paint)),
    text: (text) => void stream.write(text),
    json: (value) => writeLines([visibleJson(value, 2)]),
    jsonLine: (value) => writeLines([visibleJson(value)]),
    repaint(show) {
      let text = '';
      const write = (more: string) => (text += more);
      show(createOutput({ isTTY: stream.isTTY, write }, environment));
      stream.write(isTerminal ? repaintText(text, stream.rows) : `${text}\n`);
    },
  };
}

const CODES: Readonly<Record<Style, number>> = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32 };

function painter(isColoured: boolean): Paint {
  return isColoured
    ? (text, style) => (text === '' ? '' : `\x1b[${CODES[style]}m${text}\x1b[0m`)
    : (text) => text;
}
