import { setOption } from '@backup-awareness/database';
import type { Stage } from './stage.js';

const ROWS_AT_ONCE = 200_000;

interface LogSize {
  readonly engines: number;
  /** Reports with numbers from `from` up to, not including, `to` are added. */
  readonly from: number;
  readonly to: number;
}

/** Adds successes of db and files in turn to the log, each at most an hour old. */
export async function fillLog({ database, signal }: Stage, size: LogSize): Promise<void> {
  const { engines, from, to } = size;
  await database.query(
    `INSERT INTO engine (fqdn) SELECT format('engine-%s.example.com', i) FROM generate_series(0, $1::int - 1) i
     ON CONFLICT DO NOTHING`,
    [engines],
  );
  for (let at = from; at < to; at += ROWS_AT_ONCE) {
    signal.throwIfAborted();
    await database.query(
      `INSERT INTO engine_backup_log (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT format('engine-%s.example.com', i % $3), 'report-' || i, CASE i / $3 % 2 WHEN 0 THEN 'db' ELSE 'files' END,
         at, true, 'Backup Finished', '/var/log/ovirt-engine-backup/backup.log', at, at
       FROM generate_series($1::int, least($1 + ${ROWS_AT_ONCE}, $2)::int - 1) i,
         LATERAL (SELECT now() - (i % 3600) * interval '1 second' AS at) instant
       ORDER BY 1, 2`,
      [at, to, engines],
    );
  }
  await database.query('VACUUM (ANALYZE) engine_backup_log, engine_last_success, engine');
}

/** Changes a setting as the command line does: the checker sees it at its next tick. */
export async function changeSetting({ owner }: Stage, name: string, value: string): Promise<void> {
  await setOption(owner, { name, value, who: 'bench' });
}
