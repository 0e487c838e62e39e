import {
  describe,
  HOST_NAME_EXPECTED,
  isHostName,
  normalizeFqdn,
} from '@backup-awareness/contracts/plain';
import { readFile } from 'node:fs/promises';
import { text as textOf } from 'node:stream/consumers';
import { reasonOf, WrongUse } from '../../output/failure.js';

const STANDARD_INPUT = '-';
const SHOWN = 20;

/** Reads a list of engines from a file, or from standard input for `-`. @throws WrongUse */
export async function readEngineNames(file: string): Promise<string[]> {
  const isInput = file === STANDARD_INPUT;
  const text = await (isInput ? textOf(process.stdin) : readFile(file, 'utf8')).catch(
    (error: unknown) => {
      throw new WrongUse(`cannot read the list of engines: ${reasonOf(error)}`);
    },
  );
  return parseEngineNames(text, isInput ? 'standard input' : file);
}

/**
 * The host names in a text, one on a line, each once and as everything compares them. What follows # is a comment; blank lines do not matter.
 *
 * @param source where the text is from, for the error
 * @throws WrongUse that names every line that is not a host name, or if there is none
 */
export function parseEngineNames(text: string, source: string): string[] {
  const fqdns = new Set<string>();
  const faults: { readonly line: number; readonly got: string }[] = [];
  text.split('\n').forEach((whole, index) => {
    // Trimming removes a byte order mark, too.
    const name = whole.replace(/#.*/, '').trim();
    if (name === '') return;
    const fqdn = normalizeFqdn(name);
    if (fqdn === undefined || !isHostName(fqdn))
      faults.push({ line: index + 1, got: describe(name) });
    else fqdns.add(fqdn);
  });
  if (faults.length > 0) throw new WrongUse(faultsInWords(faults, source));
  if (fqdns.size === 0)
    throw new WrongUse(`${source}: expected host names, one on a line, got none`);
  return [...fqdns];
}

function faultsInWords(
  faults: readonly { readonly line: number; readonly got: string }[],
  source: string,
): string {
  const [count, verb] =
    faults.length === 1
      ? ['1 line', 'is not a host name']
      : [`${faults.length} lines`, 'are not host names'];
  const shown = faults.slice(0, SHOWN).map(({ line, got }) => `line ${line}: ${got}`);
  const others = ranges(faults.slice(SHOWN).map(({ line }) => line));
  const more = others.length > 0 ? [`and lines ${others.join(', ')}`] : [];
  return `${source}: nothing was changed, as ${count} ${verb} (expected ${HOST_NAME_EXPECTED}): ${[...shown, ...more].join('; ')}`;
}

/** Ascending numbers as `3`, `5-9`. */
function ranges(lines: readonly number[]): string[] {
  const found: { from: number; to: number }[] = [];
  for (const line of lines) {
    const last = found.at(-1);
    if (last && last.to + 1 === line) last.to = line;
    else found.push({ from: line, to: line });
  }
  return found.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`));
}
