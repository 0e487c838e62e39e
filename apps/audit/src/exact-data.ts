import {
  accept,
  MAX_MESSAGE_BYTES,
  refuse,
  storableText,
  type Result,
} from '@backup-awareness/contracts';

/**
 * The data of an event as the sender wrote it: numbers keep every digit, which parsing would not, and text becomes storable. That is the
 * `data` of a CloudEvent, or the whole of any other body.
 *
 * @param body must have been parsed as a JSON object before
 */
export function exactData(body: Uint8Array): Result<string> {
  const parts: string[] = [];
  let isCloudEvent = false;
  let data: { from: number; to: number } | undefined;
  let depth = 0;
  let key: string | undefined;
  let keyAt = 0;
  let digits = 0;
  for (const token of tokensOf(new TextDecoder().decode(body))) {
    if (token === '}' || token === ']') depth--;
    const isEndOfMember = token === ',' ? depth === 1 : depth === 0 && parts.length > 0;
    if (isEndOfMember) {
      if (key === 'data') data = { from: keyAt + 2, to: parts.length };
      isCloudEvent ||= key === 'specversion';
      key = undefined;
    } else if (depth === 1 && key === undefined && token.startsWith('"')) {
      key = JSON.parse(token) as string;
      keyAt = parts.length;
    }
    if (token === '{' || token === '[') depth++;
    digits += digitsOfExponent(token);
    parts.push(storableToken(token));
  }
  // PostgreSQL returns a number with all its digits: a short text must not become gigabytes.
  if (digits > MAX_MESSAGE_BYTES)
    return refuse(
      'data',
      `numbers of at most ${MAX_MESSAGE_BYTES} digits`,
      `${digits} digits, by exponents`,
    );
  return accept((isCloudEvent && data ? parts.slice(data.from, data.to) : parts).join(''));
}

function digitsOfExponent(token: string): number {
  const exponent = /^[-\d].*[eE]([-+]?\d+)$/.exec(token)?.[1];
  return exponent === undefined ? 0 : Math.abs(Number(exponent));
}

/** The body is UTF-8, so what the database cannot store can only occur as an escape. */
function storableToken(token: string): string {
  if (!token.startsWith('"') || !token.includes('\\u')) return token;
  return JSON.stringify(storableText(JSON.parse(token) as string));
}

const SPACE = ' \t\r\n';
const STRUCTURE = '{}[]:,';

/** The tokens of a JSON text. Not by a regular expression, whose stack grows with each character of a long string. */
function* tokensOf(text: string): Generator<string> {
  let at = 0;
  while (at < text.length) {
    const from = at++;
    const character = text[from]!;
    if (SPACE.includes(character)) continue;
    if (character === '"') {
      while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      at++;
    } else if (!STRUCTURE.includes(character)) {
      while (at < text.length && !SPACE.includes(text[at]!) && !STRUCTURE.includes(text[at]!)) at++;
    }
    yield text.slice(from, at);
  }
}
