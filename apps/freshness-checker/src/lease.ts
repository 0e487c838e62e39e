import { hostname } from 'node:os';
import type { SqlRunner } from '@backup-awareness/database';

/** The right to decide, held by one process at a time. */
export interface Lease {
  readonly holder: string;
  /** Incremented each time the lease is taken: a leader that was paused has an old epoch when it resumes. */
  readonly epoch: string;
}

/** Another process is the leader now; the transaction must be rolled back. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

const DURATION_MS = 3_000;
const DURATION = `interval '${DURATION_MS} milliseconds'`;

/** The lease as a standby last saw it. */
interface SeenLease {
  readonly epoch: string;
  readonly expiresAt: string;
  /** When it was first seen, by the standby's monotonic clock. */
  readonly sinceMs: number;
}

/**
 * Takes the lease once it has expired by the database's clock, or was not renewed for its whole duration by the standby's own clock: if the
 * database's clock is put back, a lease taken before that expires too late.
 */
export class Standby {
  private seen: SeenLease | undefined;

  /** @returns undefined while another process is the leader */
  async acquire(database: SqlRunner): Promise<Lease | undefined> {
    const holder = `${hostname()}:${process.pid}`;
    const { seen } = this;
    const isStale = seen !== undefined && performance.now() - seen.sinceMs >= DURATION_MS;
    // Waits for a leader that has locked the row; once it has renewed the lease, the row no longer matches the one seen.
    const [row]: Columns[] = await database.query(
      `WITH taken AS (
         UPDATE checker_lease SET holder = $1, epoch = epoch + 1, expires_at = clock_timestamp() + ${DURATION}
         WHERE expires_at < clock_timestamp() OR (epoch = $2::bigint AND expires_at = $3::timestamptz)
         RETURNING epoch
       )
       SELECT epoch, (expires_at AT TIME ZONE 'UTC')::text || 'Z' AS "expiresAt", (SELECT epoch FROM taken) AS taken FROM checker_lease`,
      [holder, isStale ? seen.epoch : null, isStale ? seen.expiresAt : null],
    );
    if (!row) return undefined;
    const { epoch, expiresAt, taken } = row;
    if (taken !== null) {
      this.seen = undefined;
      return { holder, epoch: taken };
    }
    if (seen?.epoch !== epoch || seen.expiresAt !== expiresAt)
      this.seen = { epoch, expiresAt, sinceMs: performance.now() };
    return undefined;
  }
}

interface Columns {
  readonly epoch: string;
  readonly expiresAt: string;
  readonly taken: string | null;
}

/**
 * Renews the lease in a deciding transaction. The row stays locked until its end, so that nobody can take the lease meanwhile and only one
 * leader decides.
 *
 * @throws LeaseLost if another process has taken the lease
 */
export async function holdLease(transaction: SqlRunner, lease: Lease): Promise<void> {
  const [, count]: [unknown, number] = await transaction.query(
    `UPDATE checker_lease SET expires_at = clock_timestamp() + ${DURATION} WHERE holder = $1 AND epoch = $2`,
    [lease.holder, lease.epoch],
  );
  if (count !== 1) throw new LeaseLost('another freshness-checker is the leader now');
}

/** Releases the lease at an orderly end, so that the next leader need not wait for it to expire. */
export async function releaseLease(database: SqlRunner, lease: Lease): Promise<void> {
  await database.query(
    `UPDATE checker_lease SET expires_at = 'epoch' WHERE holder = $1 AND epoch = $2`,
    [lease.holder, lease.epoch],
  );
}
