import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import { readDestinations, type Destination } from './destinations.js';
import { readHeartbeatState, type HeartbeatState } from './heartbeat-state.js';
import { countUndelivered, readBasis, type ProductBasis } from './product-state.js';

/** What the database tells of the services, at a cost that does not depend on the number of engines. Whole milliseconds since 1970. */
export interface SystemState extends Pick<
  ProductBasis,
  'now' | 'time' | 'settings' | 'lastCheck' | 'outbox'
> {
  readonly provenAt: HeartbeatState['provenAt'];
  /** The leader among the checkers; null while there is none. */
  readonly leader: { readonly holder: string; readonly until: number } | null;
  readonly destinations: readonly Destination[];
  readonly undelivered: number;
  /** Of PostgreSQL. */
  readonly version: string;
}

export async function readSystemState(sql: SqlRunner): Promise<SystemState> {
  const { basis } = await readBasis(sql);
  const { provenAt } = await readHeartbeatState(sql);
  const [row]: { version: string; holder: string; until: number; isHeld: boolean }[] =
    await sql.query(
      `SELECT current_setting('server_version') AS version, holder, ${msOf('expires_at')} AS until,
         expires_at > statement_timestamp() AS "isHeld"
       FROM checker_lease`,
    );
  if (!row)
    throw new Error('checker_lease has no row: the schema creates it, so somebody deleted it');
  const { now, time, settings, lastCheck, outbox } = basis;
  return {
    now,
    time,
    settings,
    lastCheck,
    outbox,
    provenAt,
    leader: row.isHeld ? { holder: row.holder, until: row.until } : null,
    destinations: await readDestinations(sql),
    undelivered: await countUndelivered(sql),
    version: row.version,
  };
}
