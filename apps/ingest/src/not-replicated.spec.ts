import {
  createTestBroker,
  eventually,
  exampleReport,
  report,
  startLonePrimary,
  type LonePrimary,
  type TestBroker,
} from '@backup-awareness/testing';
import { BatchTransport } from '@backup-awareness/messaging';
import type { INestApplication } from '@nestjs/common';
import { startIngest } from './spec/start-ingest.js';

const PATIENCE_MS = 60_000;

describe('ingest, given a synchronous standby that does not answer', () => {
  let broker: TestBroker;
  let primary: LonePrimary;
  let app: INestApplication;
  beforeAll(async () => {
    broker = await createTestBroker();
    primary = await startLonePrimary();
    app = await startIngest({ broker, database: primary.database });
    await eventually(() => expect(unreadyReason()).toBeUndefined(), PATIENCE_MS);
  }, 120_000);
  afterAll(async () => {
    await primary?.stop();
    await broker?.drop();
  }, 120_000);

  const unreadyReason = () => app.get(BatchTransport, { strict: false }).unreadyReason();
  const send = () =>
    broker.publish(
      'ovirt.engine-backup',
      'ENGINE_BACKUP_COMPLETED.db',
      report({ fqdn: exampleReport().fqdn }),
      { messageId: 'one' },
    );
  const stored = async (): Promise<number> =>
    (await primary.database.owner.query('SELECT FROM engine_backup_log')).length;
  const storing = async () =>
    expect((await primary.waiting()).join()).toMatch(/engine_backup_log|register_engines/);

  it('does not acknowledge a report that is on the primary only, even when it finds it there', async () => {
    await primary.haveCommitsWait(true);
    await send();
    // Each ended wait makes one more step: its engine, the report itself, and the report found.
    await eventually(async () => {
      await storing();
      await primary.endWaits();
      expect(await stored()).toBe(1);
    }, PATIENCE_MS);
    await eventually(storing, PATIENCE_MS);
    await eventually(() => expect(unreadyReason()).toBeDefined(), PATIENCE_MS);
    await app.close();
    const queued = await broker.drain('backup-awareness.ingest');
    expect(queued.map(({ properties }) => properties.messageId as unknown)).toContain('one');
  }, 180_000);
});
