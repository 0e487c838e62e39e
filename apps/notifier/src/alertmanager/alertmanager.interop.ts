import { execFileSync } from 'node:child_process';
import { readUnknownSpells } from '@backup-awareness/database';
import { readAlerts, readAlertVersion, readMonitoredCount } from '@backup-awareness/overview/state';
import {
  eventually,
  runAlertmanagers,
  type RunningAlertmanager,
  type TestDatabase,
} from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { alertsIn } from '../spec/alerts-in-database.js';
import { answeringServer, type AnsweringServer } from '../spec/answering-server.js';
import { alertmanager } from './alertmanager.js';
import { useDatabase } from '../spec/use-database.js';

const { signal } = new AbortController();
const MINUTE_MS = 60_000;

let database: TestDatabase;
let db: DataSource;
let receiver: AnsweringServer;
let cluster: RunningAlertmanager[];
useDatabase((opened) => ({ database, db } = opened));
beforeEach(async () => {
  receiver = await answeringServer();
  cluster = await runAlertmanagers(2, receiver.url);
});
afterEach(async () => {
  await Promise.all(cluster.map((one) => one.stop()));
  await receiver.close();
});

/** One destination for each replica of Alertmanager, as in the service. */
const destinations = () =>
  cluster.map(({ url }) =>
    alertmanager({
      url,
      links: { console: undefined, runbooks: undefined },
      read: async (now, endedAfter) => ({
        alerts: await readAlerts(db, { now, clearedAfter: endedAfter }),
        spells: await readUnknownSpells(db, { endedAfter }),
        monitored: await readMonitoredCount(db),
      }),
    }),
  );
async function turn(all: readonly Destination[], aheadMs = 0): Promise<void> {
  const { now, version } = await readAlertVersion(db);
  const rounds = await Promise.all(
    all.map((one) => one.round({ now: now + aheadMs, version, unreadable: null }, signal)),
  );
  expect(rounds.map(({ error }) => error ?? null)).toEqual(all.map(() => null));
}
const names = async (one: RunningAlertmanager) =>
  (await one.active()).map(({ labels }) => `${labels['alertname']} ${labels['fqdn'] ?? ''}`.trim());

/** The notifications that the receiver got. */
const notices = () =>
  receiver.received.flatMap(({ body }) => {
    const { alerts } = JSON.parse(body) as {
      alerts: {
        status: string;
        labels: Record<string, string>;
        annotations: Record<string, string>;
      }[];
    };
    return alerts.map(({ status, labels, annotations }) => ({
      what: `${status} ${labels['alertname']} ${labels['fqdn'] ?? ''}`,
      summary: annotations['summary'],
    }));
  });

describe('two clustered Alertmanagers', () => {
  it('show an alert, and notify once when it fires and once when it is resolved', async () => {
    const alert = await alertsIn(database).raise({ at: Date.now() - MINUTE_MS });
    const all = destinations();
    await turn(all);
    for (const one of cluster)
      await eventually(async () =>
        expect(await names(one)).toEqual(['EngineNoFullBackup engine.example.com']),
      );
    await eventually(() =>
      expect(notices()[0]).toEqual({
        what: 'firing EngineNoFullBackup engine.example.com',
        summary: 'engine.example.com has no full backup',
      }),
    );
    await alertsIn(database).clear(alert, Date.now());
    await turn(all);
    await eventually(() =>
      expect(notices().map(({ what }) => what)).toEqual([
        'firing EngineNoFullBackup engine.example.com',
        'resolved EngineNoFullBackup engine.example.com',
      ]),
    );
    expect(notices()[1]!.summary).toBe(
      'engine.example.com: alert cleared, there is a new full backup',
    );
  });

  it('show an alert again in amtool within a minute after one of them was restarted', async () => {
    await alertsIn(database).raise({ at: Date.now() - MINUTE_MS });
    const all = destinations();
    await turn(all);
    const [one] = cluster as [RunningAlertmanager];
    await one.restart();
    expect(await names(one)).toEqual([]);
    await turn(all, MINUTE_MS);
    const seen = execFileSync('amtool', [`--alertmanager.url=${one.url}`, 'alert', 'query'], {
      encoding: 'utf8',
    });
    expect(seen).toContain('EngineNoFullBackup');
  });

  it('notify that an alert ends when it is dismissed, and that it fires again when the dismissal ends', async () => {
    const alert = await alertsIn(database).raise({ at: Date.now() - MINUTE_MS });
    const all = destinations();
    await turn(all);
    await eventually(() => expect(notices()).toHaveLength(1));
    const at = Date.now();
    await alertsIn(database).dismiss(alert, { at, until: at + 24 * 60 * MINUTE_MS });
    await turn(all);
    await eventually(() => expect(notices()).toHaveLength(2));
    await alertsIn(database).dismiss(alert, { at, until: Date.now() - 1 });
    await turn(all);
    const what = 'EngineNoFullBackup engine.example.com';
    await eventually(() =>
      expect(notices().map((notice) => notice.what)).toEqual([
        `firing ${what}`,
        `resolved ${what}`,
        `firing ${what}`,
      ]),
    );
  });

  it('notify that an alert is resolved although a restart made them forget it', async () => {
    const alert = await alertsIn(database).raise({ at: Date.now() - MINUTE_MS });
    const all = destinations();
    await turn(all);
    await eventually(() => expect(notices()).toHaveLength(1));
    await Promise.all(cluster.map((one) => one.restart()));
    await alertsIn(database).clear(alert, Date.now());
    await turn(all);
    await eventually(() =>
      expect(notices().map(({ what }) => what)).toContain(
        'resolved EngineNoFullBackup engine.example.com',
      ),
    );
  });

  it('accept ten thousand alerts at once, and one alert that summarises them', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn) SELECT 'engine-' || i FROM generate_series(1, 10000) i`,
    );
    await database.owner.query(
      `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
       SELECT gen_random_uuid(), 'ENGINE_NO_WARM_BACKUP', 'engine-' || i, now(), now(), 1, 1, repeat('x', 300) FROM generate_series(1, 10000) i`,
    );
    await turn(destinations());
    for (const one of cluster) {
      const held = await names(one);
      expect(held).toHaveLength(10_001);
      expect(held).toContain('ManyEnginesWithoutFreshBackup');
    }
  });
});
