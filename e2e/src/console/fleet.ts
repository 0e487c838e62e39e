import { eventually } from '@backup-awareness/testing';
import type { Product } from '../product.js';

/** How many engines have what, of a hundred: most are fresh, as in a real installation. */
const TOO_OLD_OF_100 = 4;
const WITHOUT_FILES_OF_100 = 2;

/**
 * Gives the product engines `engine-0001.example.com` and on, with a backup a night; one or two of a hundred have none of the files,
 * and a few have stopped two days ago. Resolves when their alerts are raised.
 *
 * @param nights how far each engine's history reaches back
 */
export async function fillFleet(product: Product, engines: number, nights: number): Promise<void> {
  await product.query(
    `INSERT INTO engine (fqdn, watched_since)
     SELECT format('engine-%s.example.com', lpad(i::text, 4, '0')), now() - $2::int * interval '1 day'
     FROM generate_series(1, $1) i ON CONFLICT DO NOTHING`,
    [engines, nights],
  );
  await product.query(
    `INSERT INTO engine_backup_log (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
     SELECT format('engine-%s.example.com', lpad(i::text, 4, '0')), format('%s-%s-%s', i, night, scope), scope, at,
       (i + night * 7) % 23 <> 0, CASE WHEN (i + night * 7) % 23 <> 0 THEN 'Backup Finished' ELSE 'pg_dump: error: connection refused' END,
       '/var/log/ovirt-engine-backup/ovirt-engine-backup.log', at, at
     FROM generate_series(1, $1) i, generate_series(0, $2::int - 1) night, unnest(ARRAY['db', 'files']) scope,
       LATERAL (SELECT now() - night * interval '1 day' - ((i * 7919) % 1300 + CASE scope WHEN 'db' THEN 6 ELSE 2 END) * interval '1 minute' AS at) instant
     WHERE NOT (i % 100 < $3 AND night < 2)
       AND NOT (i % 100 BETWEEN $3 AND $3 + $4 - 1 AND scope = 'files')
     ORDER BY at`,
    [engines, nights, TOO_OLD_OF_100, WITHOUT_FILES_OF_100],
  );
  // A change of a setting has everything checked at once.
  const { code, stderr } = await product.cli('config', '-s', 'BackupCheckPeriodInHours=5');
  if (code !== 0) throw new Error(stderr);
  await eventually(async () => {
    const [row] = await product.query<{ waiting: string }>(
      `SELECT count(*) AS waiting FROM engine e
       WHERE e.fqdn LIKE 'engine-%' AND NOT EXISTS (
         SELECT FROM engine_last_success s WHERE s.fqdn = e.fqdn AND s.counted_at > now() - interval '1 day')
         AND NOT EXISTS (SELECT FROM alert a WHERE a.fqdn = e.fqdn)`,
    );
    if (Number(row!.waiting) > 0) throw new Error(`${row!.waiting} engines have no alert yet`);
  }, 120_000);
}
