/** One line of a JSON text that is laid out, and the path of the value that it begins or ends. */
export interface JsonLine {
  readonly text: string;
  /** Keys and indexes, joined by dots; empty for the whole. */
  readonly path: string;
}

const INDENT = '  ';

interface Open {
  readonly closing: '}' | ']';
  readonly path: string;
  /** Of the value that comes next. */
  at: string;
  index: number;
}

/** Deeper than this each level's indentation makes more text than it helps to read. */
const DEPTH_MAX = 100;

/** Whether a JSON text is nested too deep to be laid out. */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  for (const token of tokensOf(json)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth > DEPTH_MAX) return true;
  }
  return false;
}

/**
 * Lays out a JSON text with a line for each value. Each token stays as it is written: numbers keep their digits, and a key that occurs
 * twice is shown twice, which parsing would hide.
 *
 * @param json valid JSON
 */
export function layoutJson(json: string): JsonLine[] {
  const lines: JsonLine[] = [];
  const open: Open[] = [];
  let line = '';
  let linePath = '';
  const end = () => {
    if (line !== '') lines.push({ text: INDENT.repeat(open.length) + line, path: linePath });
    line = '';
  };
  const tokens = [...tokensOf(json)];
  tokens.forEach((token, position) => {
    const here = open.at(-1);
    const isKey = here?.closing === '}' && tokens[position + 1] === ':' && line === '';
    if (token === ',') {
      line += token;
      end();
      if (here?.closing === ']') here.at = join(here.path, String(++here.index));
    } else if (token === ':') line += ': ';
    else if (isEmpty(tokens, position - 1)) line += token;
    else if (token === '}' || token === ']') {
      end();
      const closed = open.pop()!;
      line = token;
      linePath = closed.path;
    } else {
      if (isKey) here.at = join(here.path, JSON.parse(token) as string);
      if (line === '') linePath = here?.at ?? '';
      line += token;
      if ((token !== '{' && token !== '[') || isEmpty(tokens, position)) return;
      const path = here?.at ?? '';
      end();
      const closing = token === '{' ? '}' : ']';
      open.push({ closing, path, at: closing === ']' ? join(path, '0') : path, index: 0 });
    }
  });
  end();
  return lines;
}

/** Whether an empty object or list begins here. */
function isEmpty(tokens: readonly string[], position: number): boolean {
  const both = `${tokens[position]}${tokens[position + 1]}`;
  return both === '{}' || both === '[]';
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

const STRUCTURE = '{}[]:,';
const SPACE = ' \t\r\n';

/** Not by a regular expression, whose stack grows with a long string. */
function* tokensOf(json: string): Generator<string> {
  let at = 0;
  while (at < json.length) {
    const from = at++;
    const character = json[from]!;
    if (SPACE.includes(character)) continue;
    if (character === '"') {
      while (at < json.length && json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
      at++;
    } else if (!STRUCTURE.includes(character)) {
      while (at < json.length && !STRUCTURE.includes(json[at]!) && !SPACE.includes(json[at]!)) at++;
    }
    yield json.slice(from, at);
  }
}
