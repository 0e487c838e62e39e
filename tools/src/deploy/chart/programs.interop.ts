import { execFileSync, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { roleName } from '@backup-awareness/database';
import { chooseFreePort } from '@backup-awareness/local-servers';
import { brokerUserName } from '@backup-awareness/messaging';
import {
  createEmptyDatabase,
  createTestBroker,
  eventually,
  type TestBroker,
} from '@backup-awareness/testing';
import { checkout } from '../../../setup/workspace.mjs';
import { containersOf, podOf } from './pods.js';
import { parseObjects, renderChart } from './render-chart.js';
import { complete, processOf, start, stop, type Secrets } from './run-pods.js';

/** A cap for a hang on a slow machine, not a measure of speed. */
const READY_WITHIN_MS = 120_000;

const NEW_SECRETS = join(checkout, 'deploy', 'helm', 'new-secrets.mjs');

/** What the administrator's shell has, and what new-secrets.mjs makes of it. */
function newSecrets(environment: Record<string, string>): Secrets {
  return parseSecrets(
    execFileSync(process.execPath, [NEW_SECRETS], { env: environment, encoding: 'utf8' }),
  );
}

/** What it adds to the Secrets that are there. */
function missingSecrets(there: Secrets): Secrets {
  const items = Object.entries(there).map(([name, texts]) => ({
    metadata: { name },
    data: mapValues(texts, (text) => Buffer.from(text).toString('base64')),
  }));
  return parseSecrets(
    execFileSync(process.execPath, [NEW_SECRETS, '--missing'], {
      env: {},
      encoding: 'utf8',
      input: JSON.stringify({ items }),
    }),
  );
}

function parseSecrets(text: string): Secrets {
  const { items } = JSON.parse(text) as {
    items: { metadata: { name: string }; data: Record<string, string> }[];
  };
  return Object.fromEntries(
    items.map(({ metadata, data }) => [
      metadata.name,
      mapValues(data, (base64) => Buffer.from(base64, 'base64').toString()),
    ]),
  );
}

function mapValues(texts: Readonly<Record<string, string>>, change: (text: string) => string) {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, change(text)]));
}

const objects = parseObjects(
  renderChart(
    ...['--set', 'services.notifier.variables.ALERTMANAGER_URLS=http://127.0.0.1:9'],
    ...['--set', 'services.console.enabled=true'],
  ),
).filter(podOf);
const secretOf = (object: (typeof objects)[number]) =>
  podOf(object)!['volumes'][0].secret.secretName as string;

describe('new-secrets.mjs', () => {
  const URLS = {
    DATABASE_URL: 'postgresql://owner:o@database:5432/backups?sslmode=verify-full',
    AMQP_URL: 'amqps://administrator:a@broker:5671/tenant%2Fone',
    AMQP_MANAGEMENT_URL: 'https://administrator:a@broker:15671',
  };

  it('makes every Secret that the chart names', () => {
    expect(Object.keys(newSecrets(URLS)).sort()).toEqual(
      [...new Set(objects.map(secretOf))].sort(),
    );
  });

  it('names users and roles as database apply and topology apply do', () => {
    const secrets = newSecrets(URLS);
    const { DATABASE_URL, AMQP_URL, AMQP_MANAGEMENT_URL, ACTIVE_ALERTS_AMQP_URL } =
      secrets['backup-awareness-freshness-checker']!;
    expect(DATABASE_URL).toMatch(/@database:5432\/backups\?sslmode=verify-full$/);
    expect(new URL(DATABASE_URL!).username).toBe(roleName('backups', 'checker'));
    expect(AMQP_URL).toMatch(/@broker:5671\/tenant%2Fone$/);
    const userIn = (url: string) => decodeURIComponent(new URL(url).username);
    expect(userIn(AMQP_URL!)).toBe(brokerUserName('tenant/one', 'freshness-checker'));
    expect(userIn(ACTIVE_ALERTS_AMQP_URL!)).toBe(brokerUserName('tenant/one', 'active-alerts'));
    expect(userIn(AMQP_MANAGEMENT_URL!)).toBe(brokerUserName('tenant/one', 'monitor'));
  });

  it('makes other passwords each time', () => {
    const once = newSecrets(URLS);
    const passwords = Object.entries(once['backup-awareness-setup']!)
      .filter(([key]) => key.endsWith('_PASSWORD'))
      .map(([, password]) => password);
    expect(new Set(passwords).size).toBe(passwords.length);
    expect(JSON.stringify(newSecrets(URLS))).not.toContain(passwords[0]);
  });

  it('adds to the Secrets of an earlier version what they lack, and changes nothing that is there', () => {
    // Given Secrets from before the console, and a further key
    const { 'backup-awareness-console': _console, ...others } = newSecrets(URLS);
    const earlier = {
      ...others,
      'backup-awareness-setup': Object.fromEntries(
        Object.entries(others['backup-awareness-setup']!).filter(
          ([key]) => !key.startsWith('CONSOLE_'),
        ),
      ),
      'backup-awareness-notifier': { ...others['backup-awareness-notifier'], WEBHOOK_URL: 'x' },
    };
    // when they are completed, then two Secrets change: that of setup gains the console's passwords, and the console's is new
    const added = missingSecrets(earlier);
    expect(Object.keys(added)).toEqual(['backup-awareness-setup', 'backup-awareness-console']);
    const setup = added['backup-awareness-setup']!;
    expect(setup).toMatchObject(earlier['backup-awareness-setup']);
    const { DATABASE_URL, AMQP_URL, REPLAY_AMQP_PASSWORD } = added['backup-awareness-console']!;
    expect(new URL(DATABASE_URL!).password).toBe(setup['CONSOLE_DATABASE_PASSWORD']);
    expect(new URL(AMQP_URL!).password).toBe(setup['CONSOLE_AMQP_PASSWORD']);
    expect(REPLAY_AMQP_PASSWORD).toBe(setup['REPLAY_AMQP_PASSWORD']);
    // and when that is done again, nothing is missing.
    expect(missingSecrets({ ...earlier, ...added })).toEqual({});
  });

  it('adds nothing where it does not see the Secrets', () => {
    expect(() => missingSecrets({})).toThrow('expected the Secrets of the namespace');
  });

  it('names the variable that is missing, and shows no other', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [NEW_SECRETS], {
      env: { DATABASE_URL: URLS.DATABASE_URL, AMQP_URL: 'a secret' },
      encoding: 'utf8',
    });
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'new-secrets: AMQP_URL: expected the URL of the owner or the administrator, got another text\n',
    });
  });
});

describe('the programs of the chart, on a real broker and database', () => {
  let broker: TestBroker;
  let database: Awaited<ReturnType<typeof createEmptyDatabase>>;
  let folder: string;
  let secrets: Secrets;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    [broker, database] = await Promise.all([createTestBroker(), createEmptyDatabase()]);
    folder = mkdtempSync(join(tmpdir(), 'chart-'));
    secrets = newSecrets({
      DATABASE_URL: database.url,
      AMQP_URL: broker.amqpUrl,
      AMQP_MANAGEMENT_URL: broker.managementUrl,
    });
  });
  afterAll(async () => {
    await Promise.all(children.map(stop));
    await database?.drop();
    await broker?.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('set up both and run until they are ready, with the variables and Secrets of their containers', async () => {
    // Given a database without our schema, and users with other passwords, when the job runs
    const job = objects.find(({ kind }) => kind === 'Job')!;
    for (const container of containersOf(job))
      await complete(processOf(container, secrets[secretOf(job)]!, folder));

    // and then the services, each of which has a port of its own here
    const deployments = objects.filter(({ kind }) => kind === 'Deployment');
    const urls: string[] = [];
    for (const deployment of deployments) {
      const port = String(await chooseFreePort());
      urls.push(`http://127.0.0.1:${port}`);
      const [container] = containersOf(deployment);
      const changes = { HTTP_HOST: '127.0.0.1', HTTP_PORT: port };
      children.push(start(processOf(container!, secrets[secretOf(deployment)]!, folder, changes)));
    }

    // then every probe of the chart finds them alive and ready
    expect(deployments).toHaveLength(5);
    for (const [i, deployment] of deployments.entries()) {
      const { livenessProbe, readinessProbe, startupProbe } = containersOf(deployment)[0]!;
      for (const { httpGet } of [startupProbe, livenessProbe, readinessProbe])
        await eventually(async () => {
          const response = await fetch(`${urls[i]}${httpGet.path}`);
          expect(`${response.status} ${await response.text()}`).toMatch(/^200 /);
        }, READY_WITHIN_MS);
    }
    expect(await Promise.all(children.map(stop))).toEqual([0, 0, 0, 0, 0]);
  });
});
