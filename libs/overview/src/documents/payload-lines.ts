import { isTooDeep, layoutJson } from './layout-json.js';

export interface PayloadLine {
  readonly text: string;
  readonly isMarked: boolean;
}

/**
 * A payload in lines: JSON laid out unless it is nested too deep, other text as it is, bytes as `\xNN` where they are not ASCII. The part
 * at `path` is marked, or the nearest one that contains it.
 *
 * @param path such as `data.done_at`, also for a message that consists of the data alone; null if unknown
 */
export function payloadLines(body: Buffer, path: string | null): PayloadLine[] {
  const text = textOf(body);
  const parsed = parse(text);
  if (parsed === undefined || isTooDeep(text))
    return text.split('\n').map((line) => ({ text: line, isMarked: path === 'body' }));
  const lines = layoutJson(text);
  // A key that occurs twice is named as it stands in the payload.
  const begun = lines.filter((line) => line.path === path && !END.test(line.text));
  if (begun.length > 1)
    return lines.map((line) => ({ text: line.text, isMarked: begun.includes(line) }));
  const marked =
    path === null ? undefined : markedPath(path, parsed, new Set(lines.map((line) => line.path)));
  let isDone = false;
  return lines.map((line) => {
    const isMarked = !isDone && line.path === marked;
    isDone ||= isMarked;
    return { text: line.text, isMarked };
  });
}

/** A line that ends an object or a list, whose path it shares. */
const END = /^ *[}\]]/;

/** Undefined if the fault is not in the payload. */
function markedPath(
  path: string,
  parsed: unknown,
  existing: ReadonlySet<string>,
): string | undefined {
  const isEnvelope = typeof parsed === 'object' && parsed !== null && 'specversion' in parsed;
  if (path === 'body') return '';
  const inPayload = isEnvelope ? path : path.replace(/^data(\.|$)/, '');
  if (!isEnvelope && inPayload === path) return undefined;
  let nearest = inPayload;
  while (nearest !== '' && !existing.has(nearest))
    nearest = nearest.split('.').slice(0, -1).join('.');
  // A part of the envelope that is missing may be a property of the message.
  return nearest === '' && isEnvelope && !path.startsWith('data') ? undefined : nearest;
}

function textOf(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return body.toString('latin1').replace(/[^\n\x20-\x7e]/g, escaped);
  }
}

function escaped(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
