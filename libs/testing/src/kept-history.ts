import type { TestDatabase } from './database.js';

/** What an administrator changed, as audit records it. Instants are whole milliseconds since 1970. */
export interface RecordedChange {
  readonly name: 'SettingChanged' | 'EngineAdded' | 'EngineRetired' | 'AlertDismissed';
  readonly at: number;
  readonly what?: string;
  readonly from?: string | null;
  readonly to?: string | null;
  readonly fqdn?: string;
  readonly comment?: string;
  /** Of a dismissal. */
  readonly alert?: string;
}

let lastId = 0;

/** Puts changes into the audit log. */
export async function recordChanges(
  { owner }: Pick<TestDatabase, 'owner'>,
  ...changes: readonly RecordedChange[]
): Promise<void> {
  for (const { name, at, ...change } of changes) {
    const when = new Date(at).toISOString();
    const { fqdn, what = 'engine', from = null, to = null } = change;
    await owner.query(
      `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, event_id, event_name, custom_data)
       VALUES ($1, $2, 0, 0, '', '/ovirt/backup-awareness', $3, $4, $2, $5)`,
      [
        when,
        name,
        fqdn ?? null,
        `change-${++lastId}`,
        JSON.stringify({ ...change, who: 'root', what, from, to, when }),
      ],
    );
  }
}

/** Puts successes of db and files into the log, counted and received at these instants. */
export async function recordFullBackups(
  { owner }: Pick<TestDatabase, 'owner'>,
  fqdn: string,
  ...backups: readonly { readonly countedAt: number; readonly receivedAt?: number }[]
): Promise<void> {
  for (const { countedAt, receivedAt = countedAt } of backups)
    await owner.query(
      `INSERT INTO engine_backup_log (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT $1, $2 || scope, scope, to_timestamp($3::float8 / 1000), true, '', '',
         to_timestamp($4::float8 / 1000), to_timestamp($3::float8 / 1000)
       FROM unnest('{db,files}'::text[]) AS scope`,
      [fqdn, `backup-${++lastId}-`, countedAt, receivedAt],
    );
}
