import { engineSource } from '@backup-awareness/contracts';
import type { Installation } from '../installation/installation.js';
import { enginesOf } from '../load/engines.js';
import { domainOf, eventIdOf } from '../load/load-plan.js';
import type { Load } from '../load/start-load.js';

type Transaction = ReturnType<Installation['owner']['createQueryRunner']>;

/** Makes a transaction take locks that both ingest and audit need. */
export type TakeLocks = (transaction: Transaction, load: Load) => Promise<void>;

/** Far enough ahead that none of these reports has been made when the transaction takes their keys. */
const AHEAD = 600;
const NUMBERS = 20;

/**
 * Locks rows that only reports need: a service's probe, which stores something else, finds nothing wrong. For audit, these are rows
 * of reports to come, as if another replica hung before its commit.
 */
export const lockRows: TakeLocks = async (transaction, { plan, spool }) => {
  await transaction.query(
    'SELECT FROM engine_last_success WHERE fqdn LIKE $1 ORDER BY fqdn, scope FOR UPDATE',
    [`%.${domainOf(plan)}`],
  );
  const first = spool().madeAt.length + AHEAD;
  await transaction.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
     SELECT now(), 'lock', 0, 0, '', origin, event_id, 'lock', '{}'
     FROM unnest($1::text[]) origin, unnest($2::text[]) event_id`,
    [
      enginesOf(plan).map(({ fqdn }) => engineSource(fqdn)),
      Array.from({ length: NUMBERS }, (_, i) => eventIdOf(plan, first + i)),
    ],
  );
};

/** Locks both tables as CREATE INDEX does. */
export const lockTables: TakeLocks = async (transaction) => {
  await transaction.query('LOCK TABLE engine_backup_log, audit_log IN SHARE MODE');
};

/** Runs `work` while a transaction of the owner holds the locks, then rolls it back. `work` gets the pid of its backend. */
export async function holdingLocks<T>(
  { owner }: Installation,
  load: Load,
  take: TakeLocks,
  work: (holderPid: number) => Promise<T>,
): Promise<T> {
  const transaction = owner.createQueryRunner();
  try {
    await transaction.startTransaction();
    await take(transaction, load);
    const [holder]: { pid: number }[] = await transaction.query('SELECT pg_backend_pid() AS pid');
    return await work(holder!.pid);
  } finally {
    if (transaction.isTransactionActive) await transaction.rollbackTransaction();
    await transaction.release();
  }
}

/** The backends of a service that wait for the locks' holder. */
export async function waitingFor(
  { owner }: Installation,
  service: string,
  holderPid: number,
): Promise<number[]> {
  const rows: { pid: number }[] = await owner.query(
    'SELECT pid FROM pg_stat_activity WHERE application_name = $1 AND $2 = ANY (pg_blocking_pids(pid))',
    [service, holderPid],
  );
  return rows.map(({ pid }) => pid);
}
