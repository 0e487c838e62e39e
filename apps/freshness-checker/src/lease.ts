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

const LASTS_MS = 3_000;
const LASTS = `interval '${LASTS_MS} milliseconds'`;

/** The lease as a standby has seen it, by the standby's own clock, which nobody puts back. */
interface SeenLease {
  readonly epoch: string;
  readonly expiresAt: string;
  /** Monotonic; when it was there for certain. */
  readonly sinceMs: number;
}

/**
 * Takes the lease when it has run out, or has not been renewed for as long as it lasts: by the database's clock, or by the standby's
 * own, since a lease that was given before the database's clock was put back would last longer by that.
 */
export class Standby {
  private seen: SeenLease | undefined;

  /** @returns undefined while another leads. */
  async acquire(database: SqlRunner): Promise<Lease | undefined> {
    const holder = `${hostname()}:${process.pid}`;
    const { seen } = this;
    const isStale = seen !== undefined && performance.now() - seen.sinceMs >= LASTS_MS;
    // A leader that holds the row in a transaction at this moment is waited for; once it has renewed the lease, this is not the row seen.
    const [row]: Columns[] = await database.query(
      `WITH taken AS (
         UPDATE checker_lease SET holder = $1, epoch = epoch + 1, expires_at = clock_timestamp() + ${LASTS}
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
