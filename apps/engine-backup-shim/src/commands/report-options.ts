import {
  FQDN_EXPECTED,
  INSTANT_EXPECTED,
  normalizeFqdn,
  parseInstant,
  SCOPE,
  SCOPE_EXPECTED,
} from '@backup-awareness/contracts/plain';
import { wrongUse, type Failure } from '../failure.js';
import { expandAll, type SpoolRecord } from '../spool/record.js';

/** The options of a report, each parsed and checked; a wrong one ends the command before it does anything. */

/** The longest path on Linux. */
const PATH_MAX = 4096;
const RUN_ID_MAX = 255;

/** `all` means a full backup: db and files. */
export function readScopes(given: readonly string[]): readonly string[] {
  if (given.length === 0) throw wrongUse('--scope is missing');
  const scopes = expandAll(given);
  for (const scope of scopes)
    if (!SCOPE.test(scope)) throw expected('scope', SCOPE_EXPECTED, scope);
  return scopes;
}

export function readDoneAt(text = new Date().toISOString()): string {
  if (parseInstant(text) === undefined) throw expected('done-at', INSTANT_EXPECTED, text);
  return text;
}

export function readStatus(text: string | undefined): SpoolRecord['status'] {
  if (text === '-1' || text === '0' || text === '1') return Number(text) as SpoolRecord['status'];
  throw expected('status', '-1 (failed), 0 (started) or 1 (completed)', text);
}

/** Empty means the host's configured engine. */
export function readFqdn(text = ''): string {
  if (text !== '' && normalizeFqdn(text) === undefined) throw expected('fqdn', FQDN_EXPECTED, text);
  return text;
}

export function readLogPath(text = ''): string {
  return bounded('log-path', text, PATH_MAX);
}

export function readRunId(text = ''): string {
  return bounded('run-id', text, RUN_ID_MAX);
}

function bounded(option: string, text: string, maxBytes: number): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  throw expected(option, `at most ${maxBytes} bytes`, text);
}

function expected(option: string, what: string, got: string | undefined): Failure {
  const shown = got === undefined ? 'nothing' : JSON.stringify(got.slice(0, 200));
  return wrongUse(`--${option}: expected ${what}, got ${shown}`);
}
