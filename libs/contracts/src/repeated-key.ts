/**
 * Finds a key that occurs twice in one object of a JSON text. `JSON.parse` silently keeps the last one, other parsers the first: such a
 * message contradicts itself.
 *
 * A hot path: nearly all of a message is inside strings, which `indexOf` skips.
 *
 * @param text valid JSON
 * @returns the path of the first such key (`data.status`); undefined if there is none
 */
export function findRepeatedKey(text: string): string | undefined {
  const objects: Keys[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === OPENING_BRACE) objects.push({ inOrder: [], all: undefined });
    else if (code === CLOSING_BRACE) objects.pop();
    else if (code === QUOTE) {
      const end = endOfString(text, at);
      if (isKey(text, end)) {
        const key = keyOf(text, at, end);
        const isRepeated = has(objects[objects.length - 1]!, key);
        objects[objects.length - 1]!.inOrder.push(key);
        if (isRepeated) return objects.map(({ inOrder }) => inOrder.at(-1)).join('.');
      }
      at = end;
    }
  }
  return undefined;
}

/** The keys so far of an open object. */
interface Keys {
  readonly inOrder: string[];
  /** The same as a set, once there are many. */
  all: Set<string> | undefined;
}

/** Up to so many keys a linear search is faster than a set; beyond, its time would be quadratic. */
const FEW = 16;

function has(keys: Keys, key: string): boolean {
  if (keys.inOrder.length < FEW) return keys.inOrder.includes(key);
  keys.all ??= new Set(keys.inOrder);
  if (keys.all.has(key)) return true;
  keys.all.add(key);
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
const SPACE = 0x20;

/** The closing quote of the string that begins at `start`: the first one after an even number of backslashes. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Only a key is followed by a colon. JSON's white space is four characters, none above the space. */
function isKey(text: string, end: number): boolean {
  let next = end + 1;
  while (text.charCodeAt(next) <= SPACE) next += 1;
  return text.charCodeAt(next) === COLON;
}

/** The key without escapes: `"st\u0061tus"` is `status`. */
function keyOf(text: string, start: number, end: number): string {
  const key = text.slice(start + 1, end);
  return key.includes('\\') ? (JSON.parse(`"${key}"`) as string) : key;
}
