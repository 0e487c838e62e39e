import { wrapHelp } from './wrap-help.js';

test.each([
  ['a paragraph breaks at spaces', 'one two three four', 9, 'one two\nthree\nfour'],
  ['an explanation stays in its column', '  0  one two three', 12, '  0  one two\n     three'],
  ['an example stays in one line', '  backup-awareness status', 10, '  backup-awareness status'],
  ['a word that is too long is kept', 'a verylongword b', 5, 'a\nverylongword\nb'],
  ['what fits is unchanged', 'one  two\n\n three', 20, 'one  two\n\n three'],
])('%s', (_what, text, width, expected) => expect(wrapHelp(text, width)).toBe(expected));
