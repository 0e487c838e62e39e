import {
  engineAdded,
  engineAddedExample,
  heartbeat,
  heartbeatExample,
} from '@backup-awareness/contracts';
import { dataSourceFor } from '@backup-awareness/database';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { recordEvents } from './record-events.js';
import { received, rowOf } from './spec/received.js';

let database: TestDatabase;
let db: DataSource;
beforeAll(async () => {
  Logger.overrideLogger(false);
  database = await createTestDatabase();
  db = await dataSourceFor(database.urls.audit).initialize();
});
afterAll(async () => {
  await db?.destroy();
  await database?.drop();
});

const beat = (to: string) => rowOf(received(heartbeat({ ...heartbeatExample, to, when: to })));
const added = () => rowOf(received(engineAdded(engineAddedExample)));

describe('heartbeats among events', () => {
  it('leave each event its own outcome, and note when the latest was written', async () => {
    const one = added();
    await recordEvents(db, [one]);
    const batch = [
      beat('2026-11-23T03:02:00.000Z'),
      one,
      beat('2026-11-23T03:03:00.000Z'),
      added(),
      beat('2026-11-23T03:01:00.000Z'),
    ];
    const outcomes = ['stored', 'duplicate', 'stored', 'stored', 'stored'];
    expect(await recordEvents(db, batch)).toEqual(outcomes);
    const [row] = await database.owner.query('SELECT recorded_at FROM heartbeat');
    expect(row.recorded_at).toEqual(new Date('2026-11-23T03:03:00.000Z'));
  });

  it('that cannot be noted hold up no other event', async () => {
    await database.owner.query('ALTER TABLE heartbeat RENAME TO elsewhere');
    const batch = [beat('2026-11-23T03:04:00.000Z'), added()];
    expect(await recordEvents(db, batch)).toEqual(['stored', 'stored']);
  });
});
