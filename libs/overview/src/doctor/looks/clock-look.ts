import { msOf, type SqlRunner } from '@backup-awareness/database/connection';

/** How the database's clock compares with this machine's. */
export interface ClockLook {
  /** Positive: the database's clock is ahead. Whole milliseconds. */
  readonly differenceMs: number;
  /** The difference may be larger or smaller by this much: the answer took twice as long. */
  readonly uncertaintyMs: number;
}

export async function lookAtClock(sql: SqlRunner): Promise<ClockLook> {
  const askedAt = Date.now();
  const [{ at }]: [{ at: number }] = await sql.query(`SELECT ${msOf('clock_timestamp()')} AS at`);
  const answeredAt = Date.now();
  const uncertaintyMs = Math.ceil(Math.max(0, answeredAt - askedAt) / 2);
  return { differenceMs: at - (askedAt + uncertaintyMs), uncertaintyMs };
}
