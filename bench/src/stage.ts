import {
  createService,
  openPreparation,
  readSettings,
  serviceDefinitions,
  type Service,
} from '@backup-awareness/all-in-one';
import {
  disposeRunDirectory,
  ensurePackages,
  openTemporaryRunDirectory,
  startPostgresql,
  startRabbitmq,
  type Progress,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { dataSourceFor } from '@backup-awareness/database';
import pg from 'pg';
import type { DataSource } from 'typeorm';

export type ServiceName = 'ingest' | 'freshness-checker' | 'audit';

/** A one-machine installation as `npm start` sets it up, whose services run when a figure needs them. */
export interface Stage {
  readonly amqpUrl: string;
  /** As the database's owner. */
  readonly databaseUrl: string;
  readonly database: pg.Pool;
  /** For changes that an administrator makes. */
  readonly owner: DataSource;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** Not started; each has its own process, broker user and database role. */
  readonly services: Readonly<Record<ServiceName, Service>>;
  /** Not started, as the services. */
  readonly console: Service;
  /** Installs what the other side of a figure needs. @throws in one line that begins with `whatFor` where it cannot */
  install(packages: readonly string[], whatFor: string): Promise<void>;
}

/** Starts broker and database in a temporary folder, lets `work` use them, and removes everything. */
export async function onStage<T>(
  progress: Progress,
  signal: AbortSignal,
  work: (stage: Stage) => Promise<T>,
): Promise<T> {
  const runDirectory = await openTemporaryRunDirectory();
  try {
    const stage = await bringUp(runDirectory, progress, signal);
    try {
      return await work(stage);
    } finally {
      await stopServices(stage);
      await Promise.all([stage.database.end(), stage.owner.destroy()]);
    }
  } finally {
    await disposeRunDirectory(runDirectory);
  }
}

async function bringUp(
  runDirectory: RunDirectory,
  progress: Progress,
  signal: AbortSignal,
): Promise<Stage> {
  const postgresql = await progress.step('PostgreSQL', () =>
    startPostgresql(runDirectory, { signal }),
  );
  const rabbitmq = await progress.step('RabbitMQ', () =>
    startRabbitmq(runDirectory, { progress, signal }),
  );
  const { databaseUrl } = postgresql;
  const { amqpUrl } = rabbitmq;
  const preparation = openPreparation(runDirectory, progress.line);
  const databaseUrls = await preparation.database(databaseUrl);
  const brokerUrls = await preparation.broker(amqpUrl, rabbitmq.managementUrl);
  await preparation.close();
  const { forServices } = readSettings({ ...process.env, LOG_LEVEL: 'info' });
  const all = await Promise.all(
    serviceDefinitions(databaseUrls, brokerUrls, { forConsole: {} }).map((definition) =>
      createService(
        runDirectory,
        definition,
        () => forServices,
        () => undefined,
      ),
    ),
  );
  const database = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  database.on('error', () => undefined);
  const owner = await dataSourceFor(databaseUrl, {
    session: 'administration',
    poolSize: 1,
  }).initialize();
  return {
    amqpUrl,
    owner,
    databaseUrl,
    database,
    progress,
    signal,
    install: (packages, whatFor) => ensurePackages(packages, whatFor, runDirectory, progress),
    services: Object.fromEntries(
      all.filter(({ name }) => name !== 'console').map((service) => [service.name, service]),
    ) as Record<ServiceName, Service>,
    console: all.find(({ name }) => name === 'console')!,
  };
}

export async function stopServices({ services, console }: Stage): Promise<void> {
  await Promise.all([...Object.values(services), console].map((service) => service.stop()));
}

/** Empties what the services write, so that the next round starts where the first one did. */
export async function clearTables({ database }: Stage): Promise<void> {
  // A trigger refuses to truncate the audit log while an alert is active, which none is where only reports were sent.
  await database.query(
    'TRUNCATE engine_backup_log, engine_last_success, open_run, engine, audit_log',
  );
  await database.query('CHECKPOINT');
}
