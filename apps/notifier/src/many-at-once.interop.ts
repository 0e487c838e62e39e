import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import {
  compiledProgram,
  createTestDatabase,
  eventually,
  runAlertmanagers,
  type RunningAlertmanager,
  type TestDatabase,
} from '@backup-awareness/testing';
import { answeringServer, type AnsweringServer } from './spec/answering-server.js';
import { smtpCounterpart, type SmtpCounterpart } from './spec/smtp-counterpart.js';

const ENGINES = 10_000;
/** An idle notifier has some 110 MB. */
const MEMORY_MAX_KB = 300_000;

let database: TestDatabase;
let receiver: AnsweringServer;
let server: SmtpCounterpart;
let cluster: RunningAlertmanager[];
let notifier: ChildProcess;
beforeAll(async () => {
  database = await createTestDatabase();
  receiver = await answeringServer();
  server = await smtpCounterpart();
  cluster = await runAlertmanagers(2, receiver.url);
  notifier = spawn(process.execPath, [compiledProgram('notifier')], {
    stdio: 'ignore',
    env: {
      PATH: process.env['PATH'],
      DATABASE_URL: database.urls.notifier,
      HTTP_PORT: '0',
      ALERTMANAGER_URLS: cluster.map(({ url }) => url).join(),
      SMTP_URL: server.url,
      MAIL_FROM: 'backup-awareness@example.com',
      MAIL_TO: 'a@example.com',
    },
  });
});
afterAll(async () => {
  notifier?.kill('SIGKILL');
  await Promise.all((cluster ?? []).map((one) => one.stop()));
  await Promise.all([receiver?.close(), server?.close()]);
  await database?.drop();
});

/** The most memory that a process ever had. */
const peakKb = ({ pid }: ChildProcess) =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

test('ten thousand engines that turn stale at once are one mail, and two Alertmanagers have each, in bounded memory', async () => {
  await eventually(async () => {
    const rows = await database.owner.query(
      `SELECT FROM notification_destination WHERE noted_until IS NOT NULL`,
    );
    expect(rows.length).toBeGreaterThan(0);
  }, 60_000);
  await database.owner.query(
    `INSERT INTO engine (fqdn) SELECT 'engine-' || i FROM generate_series(1, ${ENGINES}) i`,
  );
  await database.owner.query(
    `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
     SELECT gen_random_uuid(), 'ENGINE_NO_WARM_BACKUP', 'engine-' || i, now(), now(), 1, 1, repeat('x', 300)
     FROM generate_series(1, ${ENGINES}) i`,
  );
  for (const one of cluster)
    await eventually(async () => expect(await one.active()).toHaveLength(ENGINES + 1), 120_000);
  await eventually(() => expect(server.taken).toHaveLength(1), 120_000);
  expect(server.taken[0]).toMatch(/^Subject: Backup Awareness: 10000 new alerts/m);
  expect(server.taken[0]!.length).toBeLessThan(40_000);
  expect(peakKb(notifier)).toBeLessThan(MEMORY_MAX_KB);
}, 400_000);
