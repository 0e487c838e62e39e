const HOME = '\x1b[H';
const WRAP_OFF = '\x1b[?7l';
const WRAP_ON = '\x1b[?7h';
const CLEAR_TO_END_OF_LINE = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

/**
 * What to send to a terminal so that it shows only this text. Everything is overwritten in place and in one write, so that nothing
 * flickers. Lines are cut at the right edge, and those that would scroll are counted instead.
 *
 * @param text lines, each with its end
 * @param rows the height of the terminal; undefined or 0 if it is unknown
 */
export function repaintText(text: string, rows: number | undefined): string {
  const lines = text.split('\n').slice(0, -1);
  // The cursor stays in a line of its own below the text.
  const kept = !rows || lines.length < rows ? lines : lines.slice(0, Math.max(0, rows - 2));
  const left = lines.length - kept.length;
  const shown =
    left > 0 ? [...kept, `… ${left} more lines; the terminal is not high enough`] : kept;
  const painted = shown.map((line) => `${line}${CLEAR_TO_END_OF_LINE}\n`).join('');
  return `${HOME}${WRAP_OFF}${painted}${WRAP_ON}${CLEAR_BELOW}`;
}
