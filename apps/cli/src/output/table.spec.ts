import { tableLines, textWidth, type Paint } from './table.js';

const plain: Paint = (text) => text;
const marked: Paint = (text, style) => `<${style}>${text}</>`;

test('columns are as wide as their widest cell, and lines have no trailing spaces', () => {
  expect(
    tableLines(
      ['ENGINE', 'ALERT'],
      [
        ['a', 'x'],
        ['long.example.com', ''],
      ],
      plain,
    ),
  ).toEqual(['ENGINE            ALERT', 'a                 x', 'long.example.com']);
});

test('a row is one line, whatever its cells contain', () => {
  expect(tableLines(undefined, [['a\nb', '\x1b[31mc']], plain)).toEqual(['a\\nb  \\x1b[31mc']);
});

test('colours have no width, and control characters in coloured data are made visible too', () => {
  expect(
    tableLines(
      undefined,
      [
        [{ text: 'a\x1b', style: 'red' }, 'b'],
        ['longer', 'b'],
      ],
      marked,
    ),
  ).toEqual(['<red>a\\x1b</>   b', 'longer  b']);
});

test('wide and combining characters keep the columns straight', () => {
  expect(textWidth('日本')).toBe(4);
  expect(textWidth('e\u0301')).toBe(1);
  expect(
    tableLines(
      undefined,
      [
        ['日本', 'x'],
        ['abcd', 'x'],
      ],
      plain,
    ),
  ).toEqual(['日本  x', 'abcd  x']);
});

test('a long cell is cut, and says so', () => {
  const [line = ''] = tableLines(undefined, [['x'.repeat(100_000)]], plain);
  expect(line).toHaveLength(1_000 + '… (100000 characters; --json shows all)'.length);
  expect(line).toMatch(/xxx… \(100000 characters; --json shows all\)$/);
});
