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
    ['a comment after it', 'NAME=engine.example.com # the engine'],
    ['a # within a word', 'NAME=engine#1'],
    ['a line that is a comment', '#NAME=no\nNAME=yes\n  # NAME=no'],
    ['double quotes', 'NAME="engine # no comment"'],
    ['single quotes', 'NAME=\'$OTHER \\ "x"\''],
    ['quotes of both kinds in one word', `NAME=a"b"'c'd`],
    ['a comment after quotes', 'NAME="engine.example.com" # "yes"'],
    ['backslashes', 'NAME=a\\ b\\#c"\\$d\\e\\""'],
    ['export', 'export NAME=engine'],
    ['blanks before it', '  \tNAME=engine  '],
    ['another variable', 'OTHER=example.com\nNAME="engine.${OTHER}"'],
    ['another variable without braces', 'OTHER=engine\nNAME=$OTHER.example.com'],
    ['an unset variable', 'NAME=engine${NOT_SET_ANYWHERE}.example.com'],
    ['the last of several', 'NAME=first\nNAME=second'],
    ['a reference to its own earlier value', 'NAME=example.com\nNAME=engine.$NAME'],
    ['several on a line', 'A=1 NAME=2; B=3'],
    ['a continued line', 'NAME=engine.\\\nexample.com'],
    ['quotes over several lines', 'A="1\nNAME=no\n"\nNAME=yes'],
    ['an empty value', 'NAME=\nOTHER=x'],
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
    ['a reference to an unreadable variable', 'A=$(id)\nNAME=a$A', 'the unreadable A'],
    ['an unclosed quote', 'NAME="engine', 'an unclosed "'],
    ['a pipe', 'NAME=a|b', '"|" outside quotes'],
  ])('%s makes a variable unreadable, with the reason', (_, text, reason) => {
    const { values, unreadable } = read(`NAME=before\n${text}`);
    expect([values.get('NAME'), unreadable.get('NAME')]).toEqual([undefined, reason]);
  });

  it('a later readable value replaces an unreadable one', () => {
    expect(read('NAME=$(id)\nNAME=engine').values.get('NAME')).toBe('engine');
  });
});
