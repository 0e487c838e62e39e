import { execFileSync } from 'node:child_process';
import { parseAssignments } from './shell-assignments.js';

function read(text: string) {
  const variables = { values: new Map<string, string>(), unreadable: new Map<string, string>() };
  parseAssignments(text, variables);
  return variables;
}

describe('the assignments of a configuration file', () => {
  it.each([
    ['plain', 'NAME=engine.example.com'],
    ['a comment behind it', 'NAME=engine.example.com # the engine'],
    ['a # within a word', 'NAME=engine#1'],
    ['a line that is a comment', '#NAME=no\nNAME=yes\n  # NAME=no'],
    ['double quotes', 'NAME="engine # no comment"'],
    ['single quotes', 'NAME=\'$OTHER \\ "x"\''],
    ['quotes of both kinds in one word', `NAME=a"b"'c'd`],
    ['a comment behind quotes', 'NAME="engine.example.com" # "yes"'],
    ['backslashes', 'NAME=a\\ b\\#c"\\$d\\e\\""'],
    ['export', 'export NAME=engine'],
    ['blanks before it', '  \tNAME=engine  '],
    ['another variable', 'OTHER=example.com\nNAME="engine.${OTHER}"'],
    ['another variable without braces', 'OTHER=engine\nNAME=$OTHER.example.com'],
    ['one that is not set', 'NAME=engine${NOT_SET_ANYWHERE}.example.com'],
    ['the last of several', 'NAME=first\nNAME=second'],
    ['of its own earlier value', 'NAME=example.com\nNAME=engine.$NAME'],
    ['several in a line', 'A=1 NAME=2; B=3'],
    ['a line that goes on', 'NAME=engine.\\\nexample.com'],
    ['quotes over several lines', 'A="1\nNAME=no\n"\nNAME=yes'],
    ['the empty text', 'NAME=\nOTHER=x'],
    ['a lone dollar', 'NAME="a$ b$"'],
  ])('%s is read as the shell reads it', (_, text) => {
    const script = `${text}\nprintf %s "$NAME"`;
    const expected = execFileSync('sh', ['-c', script], { env: {}, encoding: 'utf8' });
    const { values, unreadable } = read(text);
    expect([values.get('NAME'), [...unreadable]]).toEqual([expected, []]);
  });

  it.each([
    ['a command', 'NAME=$(hostname)', 'an expansion, "$(…"'],
    ['a command in backticks', 'NAME="`hostname`"', 'a command in backticks'],
    ['an expansion with a default', 'NAME=${OTHER:-x}', 'an expansion, "${…"'],
    ['what is made of an unreadable one', 'A=$(id)\nNAME=a$A', 'A, which cannot be read'],
    ['quotes that are not closed', 'NAME="engine', 'a " that is not closed'],
    ['a pipe', 'NAME=a|b', '"|" outside of quotes'],
  ])('%s is not read, with the reason', (_, text, reason) => {
    const { values, unreadable } = read(`NAME=before\n${text}`);
    expect([values.get('NAME'), unreadable.get('NAME')]).toEqual([undefined, reason]);
  });

  it('a later value that can be read makes up for it', () => {
    expect(read('NAME=$(id)\nNAME=engine').values.get('NAME')).toBe('engine');
  });
});
