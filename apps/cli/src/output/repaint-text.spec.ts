import { createOutput, type Output } from './output.js';
import { repaintText } from './repaint-text.js';

/** What a terminal of so many rows shows after it was sent this; it knows only what repainting uses. */
function screenAfter(sent: string, rows: number, before: readonly string[] = []): string[] {
  const screen = Array.from({ length: rows }, (_, row) => before[row] ?? '');
  let row = -1;
  for (const part of sent.split(/(\x1b\[(?:H|K|J|\?7[lh])|\n)/)) {
    if (part === '\x1b[H') row = 0;
    else if (part === '\n') {
      if (++row >= rows) throw new Error('the terminal scrolls');
    } else if (part === '\x1b[J') screen.fill('', row);
    else if (part !== '' && !part.startsWith('\x1b[')) screen[row] = part;
  }
  return screen;
}

test('a repainted terminal shows the new text and nothing of the old one', () => {
  const before = ['old', 'older', 'oldest', 'rest'];
  expect(screenAfter(repaintText('new\nlines\n', 5), 5, before)).toEqual([
    ...['new', 'lines', '', '', ''],
  ]);
});

test('a text that is too long does not scroll: what is left out is counted', () => {
  const lines = Array.from({ length: 9 }, (_, index) => `line ${index + 1}\n`).join('');
  expect(screenAfter(repaintText(lines, 10), 10).slice(0, 9)).toEqual(lines.trimEnd().split('\n'));
  expect(screenAfter(repaintText(lines, 5), 5)).toEqual([
    'line 1',
    'line 2',
    'line 3',
    '… 6 more lines; the terminal is not high enough',
    '',
  ]);
});

test('a terminal is repainted in one write, anything else gets one block after the other', () => {
  const writes = (stream: { isTTY: boolean }, environment = {}) => {
    const written: string[] = [];
    const out = createOutput({ ...stream, write: (text) => written.push(text) }, environment);
    const show = (frame: Output) => {
      frame.line('one');
      frame.line('two', 'red');
    };
    out.repaint(show);
    return written;
  };
  expect(writes({ isTTY: true })).toEqual([
    expect.stringContaining('one\x1b[K\n\x1b[31mtwo\x1b[0m'),
  ]);
  expect(writes({ isTTY: false })).toEqual(['one\ntwo\n\n']);
  expect(writes({ isTTY: true }, { TERM: 'dumb' })).toEqual(['one\ntwo\n\n']);
});
