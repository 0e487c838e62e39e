/** The variables read so far; each is in one of the two maps. */
export interface ShellVariables {
  readonly values: Map<string, string>;
  /** Those whose value only a shell could determine, with the reason. */
  readonly unreadable: Map<string, string>;
}

/**
 * Reads the assignments of a shell configuration file as the shell does: comments, `export`, quotes, backslashes, and references to
 * earlier variables, `$NAME` and `${NAME}`. Nothing is executed; a variable whose value only a shell can determine, such as `$(…)`,
 * becomes unreadable, and so does one that refers to it. Other lines are skipped.
 */
export function parseAssignments(text: string, variables: ShellVariables): void {
  const reader = { text: text.replaceAll('\r\n', '\n').replaceAll('\\\n', ''), at: 0 };
  while (reader.at < reader.text.length) readLine(reader, variables);
}

interface Reader {
  readonly text: string;
  at: number;
}

const ASSIGNMENT = /[ \t;]*(?:export[ \t]+)?([A-Za-z_]\w*)=/y;
/** What follows the dollar of an expansion that only a shell can make. Inside double quotes, a quote after a dollar is not one. */
const EXPANSION = { outside: /[({'"0-9@*#?$!-]/, inside: /[({0-9@*#?$!-]/ } as const;
const REFERENCE = /\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))/y;

function readLine(reader: Reader, variables: ShellVariables): void {
  for (;;) {
    const name = match(reader, ASSIGNMENT)?.[1];
    if (name === undefined) break;
    try {
      variables.values.set(name, readWord(reader, variables));
      variables.unreadable.delete(name);
    } catch (error) {
      variables.values.delete(name);
      variables.unreadable.set(name, (error as Error).message);
      break;
    }
  }
  const end = reader.text.indexOf('\n', reader.at);
  reader.at = end === -1 ? reader.text.length : end + 1;
}

/** Reads to the next blank, semicolon or end of line outside quotes. */
function readWord(reader: Reader, variables: ShellVariables): string {
  let word = '';
  for (; reader.at < reader.text.length;) {
    const character = reader.text[reader.at]!;
    if (' \t\n;'.includes(character)) break;
    if ('&|<>()'.includes(character)) throw new Error(`"${character}" outside quotes`);
    if (character === "'") word += readSingleQuoted(reader);
    else if (character === '"') word += readDoubleQuoted(reader, variables);
    else word += readPart(reader, variables, 'outside');
  }
  return word;
}

function readSingleQuoted(reader: Reader): string {
  const end = reader.text.indexOf("'", reader.at + 1);
  if (end === -1) throw new Error("an unclosed '");
  const inside = reader.text.slice(reader.at + 1, end);
  reader.at = end + 1;
  return inside;
}

function readDoubleQuoted(reader: Reader, variables: ShellVariables): string {
  let inside = '';
  for (reader.at++; reader.text[reader.at] !== '"';) {
    if (reader.at >= reader.text.length) throw new Error('an unclosed "');
    inside += readPart(reader, variables, 'inside');
  }
  reader.at++;
  return inside;
}

/** Reads one character, or the value of a variable, outside or inside double quotes. */
function readPart(
  reader: Reader,
  variables: ShellVariables,
  where: keyof typeof EXPANSION,
): string {
  const character = reader.text[reader.at]!;
  if (character === '`') throw new Error('a command in backticks');
  if (character === '$') return readReference(reader, variables, EXPANSION[where]);
  const next = reader.text[reader.at + 1];
  const escapes = where === 'outside' || '"\\$`'.includes(next ?? '');
  const isEscaped = character === '\\' && next !== undefined && escapes;
  reader.at += isEscaped ? 2 : 1;
  return isEscaped ? next : character;
}

function readReference(
  reader: Reader,
  { values, unreadable }: ShellVariables,
  expansion: RegExp,
): string {
  const found = match(reader, REFERENCE);
  if (found) {
    const name = (found[1] ?? found[2])!;
    if (unreadable.has(name)) throw new Error(`the unreadable ${name}`);
    return values.get(name) ?? '';
  }
  const next = reader.text[reader.at + 1] ?? '';
  if (expansion.test(next)) throw new Error(`an expansion, "$${next}…"`);
  reader.at++;
  return '$';
}

function match(reader: Reader, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = reader.at;
  const found = pattern.exec(reader.text);
  if (found) reader.at = pattern.lastIndex;
  return found ?? undefined;
}
