import { createOutput } from './output.js';

function written(isTTY: boolean, environment: NodeJS.ProcessEnv, text = 'hot'): string {
  let all = '';
  const out = createOutput({ isTTY, write: (part) => (all += part) }, environment);
  out.line(text, 'red');
  return all;
}

test.each([
  ['a terminal gets colours', true, {}, '\x1b[31mhot\x1b[0m\n'],
  ['a file gets none', false, {}, 'hot\n'],
  ['a terminal gets none if NO_COLOR is set', true, { NO_COLOR: '1' }, 'hot\n'],
  ['an empty NO_COLOR counts as unset', true, { NO_COLOR: '' }, '\x1b[31mhot\x1b[0m\n'],
  ['a dumb terminal gets none', true, { TERM: 'dumb' }, 'hot\n'],
])('%s', (_what, isTTY, environment, expected) => {
  expect(written(isTTY, environment)).toBe(expected);
});

test('our own colours reach a terminal, those in the data do not', () => {
  expect(written(true, {}, '\x1b[0m\n')).toBe('\x1b[31m\\x1b[0m\\n\x1b[0m\n');
});
