import { foreignParts, visibleText } from './foreign-parts.js';

test('an ordinary text, of any language and in lines, stays as it is', () => {
  const text = 'Резервная копия ✓ 完了 👍\n\tשלום <b>&amp;</b>';
  expect(foreignParts(text)).toEqual([{ text, isEscaped: false }]);
});

test('a text that would turn the reading direction shows where it does', () => {
  expect(foreignParts('log\u202Etxt.exe')).toEqual([
    { text: 'log', isEscaped: false },
    { text: '\\u{202e}', isEscaped: true },
    { text: 'txt.exe', isEscaped: false },
  ]);
});

test.each([
  ['a terminal escape', '\u001B[31m', '\\u{1b}[31m'],
  ['a carriage return, which hides what is before it', 'failed\rfine', 'failed\\u{d}fine'],
  ['a C1 control', '\u009B1m', '\\u{9b}1m'],
  ['zero width', 'a\u200B\u2060\uFEFFb', 'a\\u{200b}\\u{2060}\\u{feff}b'],
  ['isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ['an annotation', 'a\uFFF9b', 'a\\u{fff9}b'],
  ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
  ['a tag beyond the first plane', 'a\u{E0041}b', 'a\\u{e0041}b'],
  ['a filler that looks like nothing', 'a\u3164b', 'a\\u{3164}b'],
  ['half of a pair', 'a\uD800b', 'a\\u{d800}b'],
])('%s is shown', (_what, text, shown) => {
  expect(visibleText(text)).toBe(shown);
});

test('an empty text has no parts', () => {
  expect(foreignParts('')).toEqual([]);
});
