import { createEmptyDatabase } from './database.js';
import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The database of an oVirt engine, as far as backups matter. */
export interface OvirtDatabase {
  /** As a role that may read the two tables, and nothing else. */
  readonly readerUrl: string;
  readonly ownerUrl: string;
  readonly query: (sql: string, parameters?: unknown[]) => Promise<Record<string, unknown>[]>;
  /** Empties the log, and sets the settings that oVirt starts with. */
  reset(): Promise<void>;
  /** Adds a success, an hour ago unless `done_at` is given (an SQL expression). */
  addSuccess(row: { fqdn: string | null; scope: string; doneAt?: string }): Promise<void>;
  drop(): Promise<void>;
}

export type OvirtVersion = '4.4' | '4.5';

/** In 4.4 an engine may have come from a version whose settings had no default. */
const DEFAULT_VALUE: Readonly<Record<OvirtVersion, string>> = {
  '4.4': '',
  '4.5': ', default_value varchar(4000)',
};

const schemaOf = (version: OvirtVersion) => `
  CREATE TABLE engine_backup_log (
    scope varchar(64) NOT NULL,
    done_at timestamp with time zone NOT NULL,
    is_passed boolean,
    output_message text,
    fqdn varchar(255),
    log_path text,
    PRIMARY KEY (scope, done_at)
  );
  CREATE TABLE vdc_options (
    option_id serial PRIMARY KEY,
    option_name varchar(100) NOT NULL,
    option_value varchar(4000) NOT NULL,
    version varchar(40) DEFAULT 'general' NOT NULL${DEFAULT_VALUE[version]}
  );
  CREATE TABLE vds_static (vds_id uuid PRIMARY KEY)`;

export async function createOvirtDatabase(version: OvirtVersion = '4.5'): Promise<OvirtDatabase> {
  const { url: ownerUrl, drop } = await createEmptyDatabase();
  const owner = new pg.Client({ connectionString: ownerUrl });
  await owner.connect();
  await owner.query(schemaOf(version));
  const role = `ovirt_reader_${randomBytes(8).toString('hex')}`;
  const password = randomBytes(12).toString('hex');
  await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD '${password}'`);
  await owner.query(`GRANT SELECT ON engine_backup_log, vdc_options TO ${role}`);
  const readerUrl = new URL(ownerUrl);
  readerUrl.username = role;
  readerUrl.password = password;
  const query: OvirtDatabase['query'] = async (sql, parameters) =>
    (await owner.query(sql, parameters)).rows;
  return {
    ownerUrl,
    readerUrl: readerUrl.href,
    query,
    reset: async () => {
      await owner.query('TRUNCATE engine_backup_log, vdc_options');
      await owner.query(`INSERT INTO vdc_options (option_name, option_value, version) VALUES
        ('BackupCheckPeriodInHours', '6', 'general'), ('BackupAlertPeriodInDays', '1', 'general'),
        ('BackupAlertPeriodInDays', '9', '4.4')`);
    },
    addSuccess: async ({ fqdn, scope, doneAt = `now() - interval '1 hour'` }) => {
      await owner.query(
        `INSERT INTO engine_backup_log VALUES ($1, ${doneAt}, true, 'Backup Finished', $2, '/var/log/backup.log')`,
        [scope, fqdn],
      );
    },
    drop: async () => {
      await owner.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await owner.end();
      await drop();
    },
  };
}
