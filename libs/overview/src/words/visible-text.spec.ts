import { visible, visibleJson } from './visible-text.js';

test.each([
  ['plain text is unchanged', 'engine.example.com: 3 €, 日本', 'engine.example.com: 3 €, 日本'],
  ['an escape sequence is shown, not interpreted', '\x1b[31mred', '\\x1b[31mred'],
  ['a newline does not end the line', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['NUL, BEL and DEL', '\0\x07\x7f', '\\x00\\x07\\x7f'],
  ['the one-byte CSI, which some terminals interpret', '\x9b2J', '\\x9b2J'],
  ['a change of the direction of writing', 'a\u202eb', 'a\\u202eb'],
  ['invisible text', 'a\u200bb\ufeff', 'a\\u200bb\\ufeff'],
  ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
  ['a tag', 'a\u{e0041}', 'a\\u{e0041}'],
])('%s', (_what, text, shown) => {
  expect(visible(text)).toBe(shown);
});

test('JSON contains nothing that a terminal interprets, and parses to the same value', () => {
  const value = { text: '\x1b[2J\x9b\x7f\u202e\n\u{e0041}\ud800 é' };
  for (const json of [visibleJson(value), visibleJson(value, 2)]) {
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    expect(JSON.parse(json)).toEqual(value);
  }
});
