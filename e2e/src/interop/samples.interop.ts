import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CHECKOUT, eventually, hoursAgo, report, userEnvironment } from '@backup-awareness/testing';
import { transformSync } from 'esbuild';
import { addEngine, clearedAlert } from '../alerts.js';
import { startProduct, type ProductOnTestServers } from '../product.js';
import { PYTHON } from './run-program.js';

const SAMPLES = join(CHECKOUT, 'samples');
const JARS = [
  'amqp-client',
  'jackson-databind',
  'jackson-core',
  'jackson-annotations',
  'slf4j-api',
];

let product: ProductOnTestServers;
let folder: string;
beforeAll(async () => {
  product = await startProduct();
  mkdirSync(join(CHECKOUT, 'e2e', 'dist'), { recursive: true });
  folder = mkdtempSync(join(CHECKOUT, 'e2e', 'dist', 'samples-'));
  for (let i = 0; i < ENGINES; i++)
    for (const scope of ['db', 'files'])
      await product.reportBare(report({ fqdn: engine(i), scope, done_at: hoursAgo(30) }));
  await eventually(async () => {
    const rows = await product.query('SELECT FROM engine_backup_log');
    expect(rows).toHaveLength(2 * ENGINES);
  });
  await setPeriod(2);
  await setPeriod(1);
  await eventually(async () => expect(await active()).toHaveLength(ENGINES + 1));
});
afterAll(async () => {
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Each has a backup of 30 hours ago: a change of the period raises or clears the alerts of all of them. */
const ENGINES = 60;
const engine = (i: number) => `engine-${i}.example.com`;
const setPeriod = (days: number) =>
  product.cliJson('config', '-s', `BackupAlertPeriodInDays=${days}`);

async function active(): Promise<string[]> {
  const rows = await product.query<{ id: string }>(
    'SELECT alert_id AS id FROM alert WHERE cleared_at IS NULL ORDER BY 1',
  );
  return rows.map(({ id }) => id);
}

/** A sample that runs. */
interface Sample {
  /** The ids of the alerts that are active as far as it knows; undefined before it knows any. */
  known(): string[] | undefined;
  errors(): string;
  kill(): Promise<void>;
}

/** Node 20 runs no TypeScript. The packages that it imports are those of the checkout. */
function compiled(): string {
  const source = readFileSync(join(SAMPLES, 'typescript', 'subscriber.ts'), 'utf8');
  const path = join(folder, 'subscriber.mjs');
  writeFileSync(path, transformSync(source, { loader: 'ts' }).code);
  return path;
}

const jars = JARS.map((name) => `/usr/share/java/${name}.jar`).join(':');
const COMMANDS: Readonly<Record<string, () => [string, ...string[]]>> = {
  TypeScript: () => [process.execPath, compiled()],
  Python: () => [PYTHON, join(SAMPLES, 'python', 'subscriber.py')],
  Java: () => ['java', '-cp', jars, join(SAMPLES, 'java', 'Subscriber.java')],
};

function start(language: string, amqpUrl: string): Sample {
  const [command, ...args] = COMMANDS[language]!();
  const environment = { ...userEnvironment(), AMQP_URL: amqpUrl };
  const child: ChildProcess = spawn(command, args, { env: environment });
  let last: string[] | undefined;
  let errors = '';
  createInterface(child.stdout!).on('line', (line) => {
    const alerts = JSON.parse(line) as { alert_id: string }[];
    last = alerts.map((alert) => alert.alert_id).sort();
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return {
    known: () => last,
    errors: () => errors,
    kill: async () => {
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

/** Waits until the sample knows exactly what is true. */
async function knowsAll(sample: Sample): Promise<void> {
  await eventually(async () => expect(sample.known()).toEqual(await active()), 30_000);
}

describe.each(Object.keys(COMMANDS))('the sample in %s', (language) => {
  const name = `${language.toLowerCase()}-${process.pid}`;
  let amqpUrl: string;
  let sample: Sample;

  beforeAll(async () => {
    const passwordFile = join(folder, `${name}.password`);
    const { user } = await product.cliJson<{ user: string }>(
      ...['topology', 'subscriber', 'add', name, '--password-file', passwordFile],
    );
    const url = new URL(product.endpoints().amqpUrl);
    url.username = user;
    url.password = readFileSync(passwordFile, 'utf8').trim();
    amqpUrl = url.href;
    sample = start(language, amqpUrl);
  });
  afterAll(async () => {
    await sample?.kill();
    await product?.cli('topology', 'subscriber', 'remove', name);
  });

  it('knows the active alerts when it has started, and follows their changes', async () => {
    await knowsAll(sample);
    await setPeriod(2);
    await eventually(async () => expect(await active()).toHaveLength(1));
    await knowsAll(sample);
  });

  it('killed in mid-stream, three times, knows exactly what is true', async () => {
    for (const days of [1, 2, 1]) {
      const before = sample.known();
      const changed = setPeriod(days);
      await eventually(() => expect(sample.known()).not.toEqual(before), 30_000);
      await sample.kill();
      await changed;
      sample = start(language, amqpUrl);
      await eventually(() => expect(sample.known()).toBeDefined(), 30_000);
    }
    await knowsAll(sample);
  });

  it('is not misled by what comes twice, or late', async () => {
    const rows = await product.query<{ body: object }>(
      `SELECT json_build_object('specversion', '1.0', 'type', 'org.ovirt.' || event_name, 'source', origin, 'id', event_id, 'data', custom_data) AS body
       FROM audit_log WHERE event_name LIKE 'BackupAlert%' ORDER BY audit_log_id DESC LIMIT 200`,
    );
    for (const { body } of rows)
      await product.client.publish('ovirt.backup-alerts', 'BackupAlertRaised.X', body, {
        contentType: 'application/cloudevents+json',
      });
    // Afterwards two that are new: whatever came before has been taken.
    const alert = await addEngine(product, `late-${name}.example.com`);
    await knowsAll(sample);
    expect(sample.known()).toContain(alert.alert_id);
    await product.reportFullBackup(`late-${name}.example.com`);
    await clearedAlert(product, alert);
    await knowsAll(sample);
  });

  it('notices a gap, and asks', async () => {
    const channel = await (await product.client.connection()).createChannel();
    const queue = `subscriber.${name}`;
    await channel.unbindQueue(queue, 'ovirt.backup-alerts', '#');
    await setPeriod(2);
    await eventually(async () => expect(await active()).toHaveLength(1));
    await eventually(async () => {
      const rows = await product.query<{ count: string }>('SELECT count(*) FROM outbox');
      expect(Number(rows[0]!.count)).toBe(0);
    });
    await channel.bindQueue(queue, 'ovirt.backup-alerts', '#');
    await setPeriod(1);
    await eventually(async () => expect(await active()).toHaveLength(ENGINES + 1));
    await knowsAll(sample);
    expect(sample.errors()).toMatch(/^gap: engine-\d+\.example\.com is at \d+, known was \d+$/m);
    await channel.close();
  });

  it('knows what is true after a day away, in which its queue has expired', async () => {
    await sample.kill();
    const channel = await (await product.client.connection()).createChannel();
    await channel.deleteQueue(`subscriber.${name}`);
    await channel.close();
    await setPeriod(2);
    await eventually(async () => expect(await active()).toHaveLength(1));
    await setPeriod(1);
    await eventually(async () => expect(await active()).toHaveLength(ENGINES + 1));
    sample = start(language, amqpUrl);
    await knowsAll(sample);
  });
});
