import { layoutJson } from './layout-json.js';

const text = (json: string) => layoutJson(json).map((line) => line.text);
const paths = (json: string) => layoutJson(json).map((line) => line.path);

test.each([
  { a: 1, b: { c: [true, null, { d: 'x' }], e: [] }, f: {} },
  [],
  {},
  'text',
  12,
  [[[1], 2], 'a"b\\'],
  { '': { 'a.b': ',:{}[]' } },
])('%j is laid out as JSON.stringify does', (value) => {
  const expected = JSON.stringify(value, null, 2).split('\n');
  expect(text(JSON.stringify(value))).toEqual(expected);
});

test('each line has the path of its value', () => {
  expect(paths('{"a":{"b":[1,{"c":2}]},"d":3}')).toEqual([
    '',
    'a',
    'a.b',
    'a.b.0',
    'a.b.1',
    'a.b.1.c',
    'a.b.1',
    'a.b',
    'a',
    'd',
    '',
  ]);
});

test('numbers keep their digits, escapes stay, and a repeated key is shown twice', () => {
  expect(text('{"n": 1.50e3, "t":"\\u0041", "n":12345678901234567890}')).toEqual([
    '{',
    '  "n": 1.50e3,',
    '  "t": "\\u0041",',
    '  "n": 12345678901234567890',
    '}',
  ]);
});

test('a text of a megabyte and ten thousand levels are no trouble', () => {
  expect(text(JSON.stringify(['x'.repeat(1_000_000)]))[1]).toHaveLength(1_000_004);
  const deep = '['.repeat(10_000) + ']'.repeat(10_000);
  expect(text(deep).length).toBeGreaterThan(10_000);
});
