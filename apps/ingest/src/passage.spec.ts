import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { Logger, type INestApplication } from '@nestjs/common';
import { startIngest } from './spec/start-ingest.js';

const BINDING_GONE =
  /ENGINE_BACKUP_COMPLETED\.# (do not reach|of ovirt\.engine-backup to) backup-awareness\.ingest/;

describe('readiness of ingest, given a missing binding', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let replicas: INestApplication[];

  beforeAll(async () => {
    Logger.overrideLogger(false);
    broker = await createTestBroker();
    database = await createTestDatabase();
    replicas = [];
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map((app) => app.close()));
  });
  afterAll(async () => {
    await database?.drop();
    await broker?.drop();
  });

  async function reasonOf(app: INestApplication): Promise<string | undefined> {
    const response = await fetch(`${await app.getUrl()}/health/ready`);
    return response.status === 200 ? undefined : await response.text();
  }
  const areReady = () =>
    eventually(async () => {
      for (const app of replicas) expect(await reasonOf(app)).toBeUndefined();
    }, 30_000);
  const unbind = () =>
    broker.api(
      'DELETE',
      `bindings/${encodeURIComponent(broker.vhost)}/e/ovirt.engine-backup/q/backup-awareness.ingest/ENGINE_BACKUP_COMPLETED.%23`,
    );

  it('names it within a minute, in two replicas and without the management API, until it is back', async () => {
    replicas = [await startIngest({ broker, database }), await startIngest({ broker, database })];
    await areReady();
    await unbind();
    await eventually(async () => {
      for (const app of replicas) expect(await reasonOf(app)).toMatch(BINDING_GONE);
    }, 60_000);
    await broker.applyAll();
    await areReady();
    expect(await database.owner.query('SELECT 1 FROM engine_backup_log')).toEqual([]);
    expect(await broker.depth('backup-awareness.ingest.dead')).toBe(0);
  }, 180_000);

  it('names it by the management API, too', async () => {
    await unbind();
    replicas = [await startIngest({ broker, database, managementUrl: broker.monitorUrl })];
    await eventually(
      async () => expect(await reasonOf(replicas[0]!)).toMatch(/expected to exist, got none/),
      30_000,
    );
    await broker.applyAll();
    await areReady();
  }, 120_000);
});
