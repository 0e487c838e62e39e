import { csvCell } from './csv-cell.js';

test.each([
  ['plain', 'plain'],
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@sum', "'@sum"],
  ['\t=1', '\\t=1'],
  ['\r=1', '\\r=1'],
  ['\ufeff=1', '\\ufeff=1'],
  ['a,b', '"a,b"'],
  ['say "yes"', '"say ""yes"""'],
  ['="a"', '"\'=""a"""'],
  ['two\nlines', 'two\\nlines'],
  ['\u001b]0;title\u0007', '\\x1b]0;title\\x07'],
  ['txt.\u202eexe, done', '"txt.\\u202eexe, done"'],
  ['日本 é', '日本 é'],
  [-1.5, '-1.5'],
  [null, ''],
])('%j is %s', (value, expected) => {
  expect(csvCell(value)).toBe(expected);
});
