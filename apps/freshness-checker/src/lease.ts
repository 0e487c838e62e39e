import { hostname } from 'node:os';
import type { SqlRunner } from '@backup-awareness/database';

/** The right to decide, held by one process at a time. */
export interface Lease {
  readonly holder: string;
  /** Grows by one each time the lease changes hands: a leader that was paused has an old one when it wakes. */
  readonly epoch: string;
}

/** Somebody else leads now; nothing of the transaction may be kept. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

const LASTS = "interval '3 seconds'";

/** No lease lasts that long: one that claims to was given before the clock was put back, and would keep everybody out. */
const IMPOSSIBLY_LONG = "interval '10 seconds'";

/** Takes the lease if nobody holds it, in the database's time; undefined while another leads. */
export async function acquireLease(database: SqlRunner): Promise<Lease | undefined> {
  const holder = `${hostname()}:${process.pid}`;
  const [rows]: [{ epoch: string }[], number] = await database.query(
    `UPDATE checker_lease SET holder = $1, epoch = epoch + 1, expires_at = clock_timestamp() + ${LASTS}
     WHERE expires_at < clock_timestamp() OR expires_at > clock_timestamp() + ${IMPOSSIBLY_LONG}
     RETURNING epoch`,
    [holder],
  );
  return rows[0] && { holder, epoch: rows[0].epoch };
}

/**
 * Renews the lease as part of a deciding transaction. The row stays locked until its end, so that nobody can take the lease
 * over in between: what is decided is decided by the one leader.
 *
 * @throws LeaseLost where the epoch is another's by now.
 */
export async function holdLease(transaction: SqlRunner, lease: Lease): Promise<void> {
  const [, count]: [unknown, number] = await transaction.query(
    `UPDATE checker_lease SET expires_at = clock_timestamp() + ${LASTS} WHERE holder = $1 AND epoch = $2`,
    [lease.holder, lease.epoch],
  );
  if (count !== 1) throw new LeaseLost('another freshness-checker leads now');
}

/** Gives the lease up at an orderly end, so that the next leader need not wait for it to run out. */
export async function releaseLease(database: SqlRunner, lease: Lease): Promise<void> {
  await database.query(
    `UPDATE checker_lease SET expires_at = 'epoch' WHERE holder = $1 AND epoch = $2`,
    [lease.holder, lease.epoch],
  );
}
