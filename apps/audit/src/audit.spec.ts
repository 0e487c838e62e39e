import 'reflect-metadata';
import {
  backupAlertCleared,
  backupAlertClearedExample,
  backupAlertRaised,
  backupAlertRaisedExample,
  backupCheckCompleted,
  backupCheckCompletedExample,
  engineAdded,
  engineAddedExample,
  heartbeat,
  heartbeatExample,
  newEventId,
  settingChanged,
  settingChangedExample,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import { BatchTransport, eventMessage, Publisher } from '@backup-awareness/messaging';
import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { Logger, type INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { AuditModule } from './audit.module.js';

const DEAD_QUEUE = 'backup-awareness.audit.dead';

describe('the audit service', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let app: INestApplication;
  let publisher: Publisher;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    broker = await createTestBroker();
    database = await createTestDatabase();
    publisher = await Publisher.open(broker.urlOf('freshness-checker'), 'spec');
    await recordOldEvents(database);
    app = await NestFactory.create(
      AuditModule.configured({
        AMQP_URL: broker.urlOf('audit'),
        AMQP_MANAGEMENT_URL: undefined,
        AMQP_CA: undefined,
        AMQP_CERT: undefined,
        AMQP_KEY: undefined,
        DATABASE_URL: database.urls.audit,
        DATABASE_CA: undefined,
        EVENTS_BROKER_USER: undefined,
        HTTP_PORT: 0,
        HTTP_HOST: '127.0.0.1',
        LOG_LEVEL: 'silent',
      }),
      new FastifyAdapter(),
      { logger: false },
    );
    app.connectMicroservice({ strategy: app.get(BatchTransport, { strict: false }) });
    await app.startAllMicroservices();
    await app.listen(0, '127.0.0.1');
  });
  afterAll(async () => {
    await app?.close();
    await publisher?.close();
    await database?.drop();
    await broker?.drop();
  });

  async function publish(...events: OutgoingEvent[]): Promise<void> {
    await Promise.all(
      events.map((event) => publisher.publish(eventMessage(event, 'spec', new Date()))),
    );
  }
  interface Row {
    event_id: string;
    event_name: string;
    alert_id: string | null;
    custom_data: unknown;
  }
  const rows = (): Promise<Row[]> =>
    database.owner.query('SELECT * FROM audit_log ORDER BY audit_log_id');
  const rowsOf = async (...events: OutgoingEvent[]) => {
    const ids = events.map(({ id }) => id);
    return (await rows()).filter((row) => ids.includes(row.event_id));
  };
  /** Resolves once everything published before has been processed. */
  async function processed(): Promise<void> {
    const last = settingChanged(settingChangedExample);
    await publish(last);
    await eventually(async () => expect(await rowsOf(last)).toHaveLength(1));
    await eventually(async () => expect(await broker.depth('backup-awareness.audit')).toBe(0));
  }
  /** An alert that is raised and cleared. */
  function episode(): [raised: OutgoingEvent, cleared: OutgoingEvent] {
    const alert_id = newEventId();
    return [
      backupAlertRaised({ ...backupAlertRaisedExample, alert_id }),
      backupAlertCleared({ ...backupAlertClearedExample, alert_id }),
    ];
  }

  it('removes old events while it records new ones', async () => {
    const events = Array.from({ length: 500 }, () => engineAdded(engineAddedExample));
    await publish(...events);
    await processed();
    expect(await rowsOf(...events)).toHaveLength(500);
    await eventually(async () => {
      const old = (await rows()).filter(({ event_id: id }) => id.startsWith('old '));
      expect(old.map(({ event_id: id }) => id)).toEqual(['old active', 'old but kept']);
    });
  });

  it('counts the messages of its queue', async () => {
    const stored =
      /_messages_settled_total\{queue="backup-awareness.audit",outcome="stored"\} (\d+)/;
    const count = async () => {
      const text = await (await fetch(`${await app.getUrl()}/metrics`)).text();
      return Number(stored.exec(text)?.[1]);
    };
    const before = await count();
    await publish(engineAdded(engineAddedExample));
    await eventually(async () => expect(await count()).toBe(before + 1));
  });

  it('records a Cleared that arrives before its Raised, and then the Raised', async () => {
    const [raised, cleared] = episode();
    await publish(cleared);
    await eventually(async () => expect(await rowsOf(cleared)).toHaveLength(1));
    await publish(raised);
    await eventually(async () => expect(await rowsOf(raised, cleared)).toHaveLength(2));
    const active = await database.owner.query(
      `SELECT FROM audit_log raised WHERE event_name = 'BackupAlertRaised' AND event_id = $1 AND NOT EXISTS (
         SELECT FROM audit_log c WHERE c.alert_id = raised.alert_id AND c.event_name = 'BackupAlertCleared')`,
      [raised.id],
    );
    expect(active).toEqual([]);
  });

  it('records every event once, however often and in whatever order it arrives', async () => {
    const events = Array.from({ length: 60 }, () => [
      ...episode(),
      settingChanged(settingChangedExample),
      engineAdded(engineAddedExample),
      backupCheckCompleted(backupCheckCompletedExample),
    ]).flat();
    await publish(...shuffled([...events, ...events, ...events]));
    await processed();
    const recorded = await rowsOf(...events);
    expect(recorded).toHaveLength(events.length);
    expect(new Set(recorded.map((row) => row.event_id)).size).toBe(events.length);
    expect(await broker.depth(DEAD_QUEUE)).toBe(0);
  });

  it('records the same id of two engines twice, and makes a dead letter of an id with different content', async () => {
    const one = engineAdded(engineAddedExample);
    const ofAnother = {
      ...engineAdded({ ...engineAddedExample, fqdn: 'other.example.com' }),
      id: one.id,
    };
    const reused = { ...one, data: { ...one.data, who: 'somebody else' } };
    await publish(one);
    await processed();
    await publish(ofAnother, reused);
    await processed();
    expect(await rowsOf(one)).toHaveLength(2);
    const [dead, ...others] = await broker.drain(DEAD_QUEUE);
    expect(others).toEqual([]);
    expect(dead!.properties.headers!['x-error-reason']).toContain('id reused');
  });

  it('records unknown kinds, and makes dead letters of invalid messages, among valid ones', async () => {
    const good = Array.from({ length: 20 }, () => engineAdded(engineAddedExample));
    const unknown = Array.from({ length: 20 }, (_, i) => ({
      ...engineAdded(engineAddedExample),
      name: 'EngineMoved',
      routingKey: 'EngineMoved',
      data: { 'a\u0000b': `c\u0000d ${i}` } as never,
    }));
    const deep = Array.from({ length: 20 }, () => ({
      ...engineAdded(engineAddedExample),
      name: 'EngineMoved',
      routingKey: 'EngineMoved',
      data: nested(70) as never,
    }));
    await publish(...shuffled([...good, ...unknown, ...deep]));
    await processed();
    expect(await rowsOf(...good, ...unknown)).toHaveLength(40);
    expect(await rowsOf(...deep)).toEqual([]);
    const dead = await broker.drain(DEAD_QUEUE);
    expect(dead).toHaveLength(20);
    expect(dead[0]!.properties.headers!['x-error-reason']).toContain('nested at most 64 deep');
  });

  describe('of a heartbeat', () => {
    const beat = (to: string) => heartbeat({ ...heartbeatExample, to, when: to });
    const recordedAt = async () => {
      const [row] = await database.owner.query('SELECT recorded_at FROM heartbeat');
      return (row.recorded_at as Date | null)?.toISOString();
    };

    it('keeps when the latest was written, in whatever order they arrive, and nothing in the log', async () => {
      const beats = ['02', '03', '01'].map((minute) => beat(`2026-11-23T03:${minute}:00.000Z`));
      const others = Array.from({ length: 3 }, () => engineAdded(engineAddedExample));
      await publish(...beats.flatMap((one, i) => [one, others[i]!]));
      await processed();
      expect(await recordedAt()).toBe('2026-11-23T03:03:00.000Z');
      expect(await rowsOf(...beats)).toEqual([]);
      expect(await rowsOf(...others)).toHaveLength(3);
    });

    it('keeps the next one after one of the future, which a wrong clock has left', async () => {
      await publish(beat('2100-01-01T00:00:00.000Z'));
      await processed();
      expect(await recordedAt()).toBe('2100-01-01T00:00:00.000Z');
      await publish(beat('2026-11-23T03:04:00.000Z'));
      await processed();
      expect(await recordedAt()).toBe('2026-11-23T03:04:00.000Z');
    });

    it('by another user makes a dead letter', async () => {
      const before = await recordedAt();
      const other = await Publisher.open(broker.amqpUrl, 'forger');
      await other.publish(eventMessage(beat('2026-11-23T09:00:00.000Z'), 'spec', new Date()));
      await other.close();
      await processed();
      expect(await recordedAt()).toBe(before);
      const [dead] = await broker.drain(DEAD_QUEUE);
      expect(dead!.properties.headers!['x-error-reason']).toContain('not authorised');
    });
  });

  it('makes dead letters only of events whose data the database refuses', async () => {
    await database.owner.query(
      `ALTER TABLE audit_log ADD CONSTRAINT not_this_one CHECK (custom_data->>'who' <> 'refused') NOT VALID`,
    );
    const events = Array.from({ length: 99 }, (_, i) =>
      engineAdded({ ...engineAddedExample, who: i % 33 === 5 ? 'refused' : 'root' }),
    );
    await publish(...events);
    await processed();
    expect(await rowsOf(...events)).toHaveLength(96);
    const dead = await broker.drain(DEAD_QUEUE);
    expect(dead).toHaveLength(3);
    expect(dead[0]!.properties.headers!['x-error-reason']).toContain('not_this_one');
  });
});

/** 1,200 old events, an old alert that is still active, and an event that is not yet old enough. */
async function recordOldEvents(database: TestDatabase): Promise<void> {
  await database.owner.query(
    `INSERT INTO audit_log (origin, event_id, event_name, alert_id, custom_data, log_time, recorded_at, log_type_name,
       log_type, severity, message)
     SELECT 'spec', 'old ' || event, name, alert_id, '{}', now(), now() - days * interval '1 day', name, 0, 0, ''
     FROM (
       SELECT i::text AS event, 'EngineAdded' AS name, NULL::uuid AS alert_id, 401 AS days FROM generate_series(1, 1200) i
       UNION ALL VALUES
         ('active', 'BackupAlertRaised', gen_random_uuid(), 500),
         ('but kept', 'EngineAdded', NULL, 399)
     ) old`,
  );
}

function shuffled<T>(values: T[]): T[] {
  for (let i = values.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [values[i], values[j]] = [values[j]!, values[i]!];
  }
  return values;
}

function nested(depth: number): unknown {
  return depth === 0 ? 1 : { a: nested(depth - 1) };
}
