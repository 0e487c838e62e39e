import { parseEngineNames } from './engine-names.js';

const parse = (text: string) => parseEngineNames(text, 'engines.txt');

test('a list has one host name on a line, comments and blank lines', () => {
  const list = '\ufeffOne.example.com\r\n\n  # a comment\n two.example.com. # another\n\tthree\t\n';
  expect(parse(list)).toEqual(['one.example.com', 'two.example.com', 'three']);
});

test('a name that is there twice counts once', () => {
  expect(parse('a.example.com\nb\nA.EXAMPLE.COM.\n')).toEqual(['a.example.com', 'b']);
});

test('every line that is not a host name is named', () => {
  expect(() => parse('good\ntwo words\n\nb_d\ngood.example.com')).toThrow(
    'engines.txt: nothing was changed, as 2 lines are not host names (expected a host name: parts of 1 to 63 ASCII letters, digits and hyphens, separated by dots, none of which begins or ends with a hyphen): line 2: "two words"; line 4: "b_d"',
  );
  expect(() => parse('ü')).toThrow('as 1 line is not a host name');
});

test('of very many lines at fault, the later ones are named by their numbers', () => {
  const lines = Array.from({ length: 30 }, (_, index) => (index === 24 ? 'good' : 'n o'));
  expect(() => parse(lines.join('\n'))).toThrow(/line 20: "n o"; and lines 21-24, 26-30$/);
});

test.each(['', '\n\n# nothing\n'])('%j is refused', (text) => {
  expect(() => parse(text)).toThrow('engines.txt: expected host names, one on a line, got none');
});
