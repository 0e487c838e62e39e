import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  compiledProgram,
  createTestDatabase,
  eventually,
  runAlertmanagers,
  type RunningAlertmanager,
  type TestDatabase,
} from '@backup-awareness/testing';
import { alertsIn, type RaisedAlert } from './spec/alerts-in-database.js';
import { answeringServer, type AnsweringServer } from './spec/answering-server.js';

/** Random draws, reproducible by seed. */
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
let drawn = SEED;
const draw = (below: number) => {
  drawn = (drawn * 1_103_515_245 + 12_345) % 2_147_483_648;
  return Math.floor((drawn / 2_147_483_648) * below);
};

const CHANGES = 80;
const FQDNS = ['a', 'b', 'c', 'd'];
/** Claims of a killed replica expire after two minutes. */
const SETTLED_WITHIN_MS = 200_000;

let database: TestDatabase;
let hook: AnsweringServer;
let receiver: AnsweringServer;
let manager: RunningAlertmanager;
let replicas: ChildProcess[];
beforeAll(async () => {
  database = await createTestDatabase();
  hook = await answeringServer();
  receiver = await answeringServer();
  [manager] = (await runAlertmanagers(1, receiver.url)) as [RunningAlertmanager];
  replicas = [startReplica(), startReplica()];
});
afterAll(async () => {
  for (const one of replicas ?? []) one.kill('SIGKILL');
  await manager?.stop();
  await Promise.all([hook?.close(), receiver?.close()]);
  await database?.drop();
});

function startReplica(): ChildProcess {
  return spawn(process.execPath, [compiledProgram('notifier')], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.urls.notifier,
      HTTP_PORT: '0',
      ALERTMANAGER_URLS: manager.url,
      WEBHOOK_URL: hook.url,
    },
  });
}

async function killReplica(index: number): Promise<void> {
  const dying = replicas[index]!;
  const exited = once(dying, 'exit');
  dying.kill('SIGKILL');
  await exited;
  replicas[index] = startReplica();
}

/** The events that a webhook's receiver has after dropping duplicates. */
const known = () => {
  const events = hook.received.map(({ body }) => {
    const { id, source, data } = JSON.parse(body) as {
      id: string;
      source: string;
      data: { fqdn: string; sequence: number };
    };
    return { key: `${source} ${id}`, ...data };
  });
  const once = [...new Map(events.reverse().map((event) => [event.key, event])).values()].reverse();
  return FQDNS.map((fqdn) =>
    once.filter((event) => event.fqdn === fqdn).map(({ sequence }) => sequence),
  );
};

test(`two notifiers and an Alertmanager, killed at random, deliver every notification in order (SEED=${SEED})`, async () => {
  const alerts = alertsIn(database);
  const active = new Map<string, RaisedAlert>();
  const last = new Map(FQDNS.map((fqdn) => [fqdn, 0]));
  let kills = 0;
  // A destination does not get what ended before it was first used.
  await eventually(async () =>
    expect(
      await database.owner.query(
        `SELECT destination FROM notification_destination WHERE noted_until IS NOT NULL`,
      ),
    ).toEqual([{ destination: 'webhook' }]),
  );
  for (let i = 0; i < CHANGES; i++) {
    const fqdn = FQDNS[draw(FQDNS.length)]!;
    const raised = active.get(fqdn);
    if (raised) {
      await alerts.clear(raised, Date.now());
      active.delete(fqdn);
      last.set(fqdn, raised.sequence + 1);
    } else {
      const sequence = last.get(fqdn)! + 1;
      active.set(fqdn, await alerts.raise({ fqdn, sequence, at: Date.now() }));
      last.set(fqdn, sequence);
    }
    await sleep(draw(600));
    if (draw(6) === 0) {
      await killReplica(draw(2));
      kills++;
    }
    if (draw(20) === 0) await manager.restart();
  }
  expect(kills).toBeGreaterThan(3);

  const expected = FQDNS.map((fqdn) => Array.from({ length: last.get(fqdn)! }, (_, i) => i + 1));
  await eventually(() => expect(known()).toEqual(expected), SETTLED_WITHIN_MS);
  await eventually(async () => {
    const held = (await manager.active()).map(({ labels }) => labels['fqdn']).sort();
    expect(held).toEqual([...active.keys()].sort());
  }, SETTLED_WITHIN_MS);
}, 600_000);
