import { normalizeFqdn, SCOPE } from '@backup-awareness/contracts/plain';
import type { OvirtImportDocument } from '@backup-awareness/overview/documents';
import type { OvirtSuccesses } from './read-ovirt-database.js';

/** The last success of an engine and scope in oVirt's table. */
export interface LastSuccess {
  readonly fqdn: string;
  readonly scope: string;
  /** RFC 3339 in UTC with microseconds. */
  readonly doneAt: string;
  readonly outputMessage: string;
  readonly logPath: string;
  /** How many successes of this engine and scope there are. */
  readonly rows: number;
}

export type LeftOutReason = OvirtImportDocument['left_out'][number]['reason'];

/** Successes that cannot be imported; `fqdn` and `doneAt` as oVirt's table has them. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  readonly rows: number;
  readonly fqdn: string | null;
  readonly scope: string;
  readonly doneAt: string;
}

export interface LastSuccesses {
  /** By engine and scope. */
  readonly last: readonly LastSuccess[];
  readonly leftOut: readonly LeftOut[];
}

/** The last success of each engine and scope, whatever the spelling of its name, and what is left out because it says none. */
export function lastSuccessesOf(all: readonly OvirtSuccesses[]): LastSuccesses {
  const last = new Map<string, LastSuccess>();
  const leftOut: LeftOut[] = [];
  for (const success of all) {
    const { scope, rows, doneAt, outputMessage, logPath } = success;
    const reason = faultOf(success);
    if (reason) {
      leftOut.push({ reason, rows, fqdn: success.fqdn, scope, doneAt });
      continue;
    }
    const fqdn = normalizeFqdn(success.fqdn!)!;
    const key = `${fqdn} ${scope}`;
    const other = last.get(key);
    const all = rows + (other?.rows ?? 0);
    // The same digits everywhere: the order of texts is that of time.
    last.set(
      key,
      other && other.doneAt >= doneAt
        ? { ...other, rows: all }
        : { fqdn, scope, doneAt, outputMessage, logPath, rows: all },
    );
  }
  const inOrder = [...last].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, success]) => success);
  return { last: inOrder, leftOut };
}

function faultOf({ fqdn, scope, dating }: OvirtSuccesses): LeftOutReason | undefined {
  if (fqdn === null || fqdn.trim() === '') return 'no_host_name';
  if (normalizeFqdn(fqdn) === undefined) return 'invalid_host_name';
  if (!SCOPE.test(scope)) return 'invalid_scope';
  return dating === 'past' ? undefined : dating;
}
