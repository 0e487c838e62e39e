import {
  createOvirtDatabase,
  createTestBroker,
  createTestDatabase,
  type OvirtDatabase,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { runCommand, type Ended } from './run-command.js';
import { storeReports, type StoredReports } from './store-reports.js';

/** An installation and the database of an oVirt engine for the file; both are as new at the start of each test. */
export interface ImportWorld {
  readonly database: TestDatabase;
  readonly broker: TestBroker;
  readonly ovirt: OvirtDatabase;
  /** Stores what is reported. May be stopped, and started again. */
  ingest: StoredReports;
  /** How the command finds the installation. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs the import from that database with these further arguments. */
  run(...args: string[]): Promise<Ended>;
  /** The same with `--json`. @throws where it fails */
  runJson(...args: string[]): Promise<Imported>;
  stored(): Promise<Record<string, unknown>[]>;
  changesOfSettings(): Promise<Record<string, unknown>[]>;
}

interface Imported {
  readonly rows: number;
  readonly successes: number;
  readonly reports: { fqdn: string; scope: string; done_at: string }[];
  readonly already_known: number;
  readonly stored: number | null;
  readonly retired: string[];
  readonly left_out: { reason: string; rows: number; examples: object[] }[];
  readonly settings: { name: string; outcome: string; from: string; to: string | null }[];
}

export function useImport(): ImportWorld {
  let database: TestDatabase;
  let broker: TestBroker;
  let ovirt: OvirtDatabase;
  let ingest: StoredReports;
  beforeAll(async () => {
    database = await createTestDatabase();
    broker = await createTestBroker();
    ovirt = await createOvirtDatabase();
    ingest = await storeReports(broker, database);
    // As if a checker had decided all engines after any change of settings.
    await database.owner.query(`UPDATE checker_state SET latest_now_at = now() + interval '1 day'`);
  });
  afterAll(async () => {
    await ingest?.stop();
    await ovirt?.drop();
    await broker?.drop();
    await database?.drop();
  });
  beforeEach(async () => {
    await ovirt.reset();
    await database.owner.query('TRUNCATE engine_backup_log, engine; DELETE FROM outbox');
    await database.owner.query('UPDATE vdc_options SET option_value = default_value');
  });
  const world: ImportWorld = {
    get database() {
      return database;
    },
    get broker() {
      return broker;
    },
    get ovirt() {
      return ovirt;
    },
    get ingest() {
      return ingest;
    },
    set ingest(started) {
      ingest = started;
    },
    get environment() {
      return { DATABASE_URL: database.ownerUrl, AMQP_URL: broker.amqpUrl };
    },
    run: (...args) =>
      runCommand(['import', '--from-ovirt', ovirt.readerUrl, ...args], world.environment),
    async runJson(...args) {
      const { exitCode, stdout, stderr } = await world.run('--json', ...args);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      return JSON.parse(stdout);
    },
    stored: () =>
      database.owner.query(
        `SELECT fqdn, scope, is_passed, output_message, log_path, counted_at = done_at AS counts_from_then, reported_by
         FROM engine_backup_log ORDER BY fqdn, scope, done_at`,
      ),
    changesOfSettings: () =>
      database.owner.query(
        `SELECT data ->> 'who' AS who, data ->> 'what' AS what, data ->> 'from' AS "from", data ->> 'to' AS "to" FROM outbox ORDER BY id`,
      ),
  };
  return world;
}
