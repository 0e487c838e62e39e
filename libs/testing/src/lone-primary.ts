import {
  disposeRunDirectory,
  openTemporaryRunDirectory,
  startPostgresql,
} from '@backup-awareness/local-servers';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from './database.js';
import { eventually } from './eventually.js';

/** A PostgreSQL server of its own, without a standby. */
export interface LonePrimary {
  /** With schema and roles. */
  readonly database: TestDatabase;
  /** Has commits wait for a standby, which there is not, or no longer. Resolves when the server does so. */
  haveCommitsWait(isWanted: boolean): Promise<void>;
  /** What commits at present, and waits: its statement. */
  waiting(): Promise<string[]>;
  /** Ends the waits of present commits, as an administrator may: they stay on the primary. @returns how many there were */
  endWaits(): Promise<number>;
  stop(): Promise<void>;
}

export async function startLonePrimary(): Promise<LonePrimary> {
  const runDirectory = await openTemporaryRunDirectory();
  try {
    const server = await startPostgresql(runDirectory);
    const database = await createTestDatabase(server.databaseUrl);
    const client = new pg.Client({ connectionString: server.databaseUrl });
    client.on('error', () => undefined);
    await client.connect();
    const waiting = async (select: string): Promise<string[]> => {
      const rows: { text: string }[] = await database.owner.query(
        `SELECT ${select} AS text FROM pg_stat_activity WHERE wait_event = 'SyncRep'`,
      );
      return rows.map(({ text }) => text);
    };
    const endWaits = async () => (await waiting('pg_cancel_backend(pid)')).length;
    const doesCommitWait = async (): Promise<boolean> => {
      let isCommitted = false;
      const commit = client.query(`SELECT pg_logical_emit_message(true, '', '')`).then(() => {
        isCommitted = true;
      });
      while (!isCommitted) {
        if ((await endWaits()) === 0) continue;
        await commit;
        return true;
      }
      return false;
    };
    return {
      database,
      waiting: () => waiting('query'),
      endWaits,
      haveCommitsWait: async (isWanted) => {
        const names = isWanted ? 'nobody' : '';
        await client.query(`ALTER SYSTEM SET synchronous_standby_names = '${names}'`);
        await client.query('SELECT pg_reload_conf()');
        await eventually(async () => {
          if ((await doesCommitWait()) !== isWanted)
            throw new Error('the server has the former setting');
        });
      },
      stop: async () => {
        await client.end().catch(() => undefined);
        await database.owner.destroy();
        await disposeRunDirectory(runDirectory);
      },
    };
  } catch (error) {
    await disposeRunDirectory(runDirectory);
    throw error;
  }
}
