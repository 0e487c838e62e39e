import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CHECKOUT, eventually, hoursAgo, report, userEnvironment } from '@backup-awareness/testing';
import { transformSync } from 'esbuild';
import { addEngine, clearedAlert } from '../alerts.js';
import { copyDatabase, restoreDatabase } from '../restore-database.js';
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
  for (const sample of running) await sample.kill();
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

/** Also those of a test that has failed. */
const running = new Set<Sample>();

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
  const sample: Sample = {
    known: () => last,
    errors: () => errors,
    kill: async () => {
      running.delete(sample);
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
  running.add(sample);
  return sample;
}

/** Waits until the sample knows exactly what is true. */
async function knowsAll(sample: Sample): Promise<void> {
  await eventually(async () => expect(sample.known()).toEqual(await active()), 30_000);
}

/** Gives a component its broker user. @returns the URL that its sample needs */
async function addSubscriber(name: string): Promise<string> {
  const passwordFile = join(folder, `${name}.password`);
  const { user } = await product.cliJson<{ user: string }>(
    ...['topology', 'subscriber', 'add', name, '--password-file', passwordFile],
  );
  const url = new URL(product.endpoints().amqpUrl);
  url.username = user;
  url.password = readFileSync(passwordFile, 'utf8').trim();
  return url.href;
}

describe.each(Object.keys(COMMANDS))('the sample in %s', (language) => {
  const name = `${language.toLowerCase()}-${process.pid}`;
  let amqpUrl: string;
  let sample: Sample;

  beforeAll(async () => {
    amqpUrl = await addSubscriber(name);
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

  it('is not misled by an event of an unknown type with the next sequence', async () => {
    const [fqdn, later] = [`unknown-${name}.example.com`, `after-unknown-${name}.example.com`];
    const alert = await addEngine(product, fqdn);
    await knowsAll(sample);
    const said = sample.errors();
    const publish = (event: object) =>
      product.client.publish(
        'ovirt.backup-alerts',
        'BackupAlertRaised.X',
        { specversion: '1.0', source: 'a-later-version', id: randomUUID(), ...event },
        { contentType: 'application/cloudevents+json' },
      );
    const next = { ...alert.raised, sequence: alert.raised.sequence + 1 };
    await publish({ type: 'org.ovirt.BackupAlertRaised.v2', data: next });
    // Afterwards one that is known: whatever came before has been taken.
    const other = await addEngine(product, later);
    await knowsAll(sample);
    expect(sample.known()).toEqual(expect.arrayContaining([alert.alert_id, other.alert_id]));
    await publish({ type: 'org.ovirt.BackupAlertsCounted' });
    for (const one of [alert, other]) {
      await product.reportFullBackup(one.raised.fqdn);
      await clearedAlert(product, one);
    }
    await knowsAll(sample);
    // Neither a gap nor a lost connection.
    expect(sample.errors()).toBe(said);
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

describe('after the database was restored from an older copy', () => {
  const languages = Object.keys(COMMANDS);
  const nameOf = (language: string) => `restored-${language.toLowerCase()}-${process.pid}`;
  const EARLIER = 'raised-before-the-copy.example.com';
  const LATER = 'raised-after-the-copy.example.com';
  /** How many messages each sample takes before it acknowledges any. */
  const PREFETCH = 100;
  /** Those that run all the time, and those that are away from before the restore until after it. */
  const following = new Map<string, Sample>();
  const away = new Map<string, string>();

  beforeAll(async () => {
    // Given
    await setPeriod(1);
    const alert = await addEngine(product, EARLIER);
    await copyDatabase(product);
    for (const language of languages) {
      const sample = start(language, await addSubscriber(nameOf(language)));
      following.set(language, sample);
      const url = await addSubscriber(`away-${nameOf(language)}`);
      away.set(language, url);
      const other = start(language, url);
      await knowsAll(sample);
      await knowsAll(other);
      await other.kill();
    }
    await product.reportFullBackup(EARLIER);
    await clearedAlert(product, alert);
    await addEngine(product, LATER);
    await setPeriod(2);
    await eventually(async () => expect(await active()).toHaveLength(2));
    for (const sample of following.values()) await knowsAll(sample);
    // When
    await product.end();
    await restoreDatabase(product);
    await product.restart();
    await eventually(async () => {
      const rows = await product.query<{ generation: number }>(
        'SELECT generation FROM incarnation',
      );
      expect(rows).toEqual([{ generation: 1 }]);
    }, 60_000);
    await eventually(async () => expect(await active()).toHaveLength(ENGINES + 2));
  }, 400_000);
  afterAll(async () => {
    for (const sample of following.values()) await sample.kill();
    for (const language of languages)
      for (const name of [nameOf(language), `away-${nameOf(language)}`])
        await product?.cli('topology', 'subscriber', 'remove', name);
  });

  it.each(languages)(
    'the sample in %s that was away knows exactly what is true, also if it gets what waited for it before the answer',
    async (language) => {
      const waiting = async () => {
        const channel = await (await product.client.connection()).createChannel();
        const { messageCount } = await channel.checkQueue(`subscriber.away-${nameOf(language)}`);
        await channel.close();
        return messageCount;
      };
      const before = await waiting();
      expect(before).toBeGreaterThan(0);
      const { pid } = product.endpoints().services['freshness-checker']!;
      process.kill(pid, 'SIGSTOP');
      let sample: Sample;
      try {
        sample = start(language, away.get(language)!);
        const rest = Math.max(0, before - PREFETCH);
        await eventually(async () => expect(await waiting()).toBe(rest));
      } finally {
        process.kill(pid, 'SIGCONT');
      }
      await knowsAll(sample);
      await sample.kill();
    },
  );

  it.each(languages)(
    'the sample in %s that runs all the time knows it, then and later',
    async (language) => {
      const sample = following.get(language)!;
      await knowsAll(sample);
      await setPeriod(2);
      await eventually(async () => expect(await active()).toHaveLength(2));
      await knowsAll(sample);
      await setPeriod(1);
      await eventually(async () => expect(await active()).toHaveLength(ENGINES + 2));
      await knowsAll(sample);
    },
  );
});
