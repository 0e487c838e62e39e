import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokerUserName } from '@backup-awareness/messaging';
import {
  clientCertificateListener,
  compiledProgram,
  createAuthority,
  eventually,
  freePort,
  startPrivateInstallation,
  type Authority,
  type Certificate,
  type Endpoints,
  type PrivateInstallation,
} from '@backup-awareness/testing';
import { connect } from 'amqplib';
import pg from 'pg';

// Broker and database with TLS, which require client certificates; ingest knows no password of either of its two.
const FOLDER = mkdtempSync(join(tmpdir(), 'tls-'));
const INGEST = brokerUserName('/', 'ingest');
let authority: Authority;
let other: Authority;
let installation: PrivateInstallation;
let endpoints: Endpoints;
let owner: pg.Client;
let databaseUser: string;
let tlsPort: number;
let serverFiles: Certificate;

beforeAll(async () => {
  authority = createAuthority(join(FOLDER, 'certificates'), 'authority');
  other = createAuthority(join(FOLDER, 'other'), 'another authority');
  serverFiles = copied(authority.issue('server'), 'server');
  tlsPort = await freePort();
  const lines = clientCertificateListener(authority, serverFiles, tlsPort);
  installation = await startPrivateInstallation(async () => lines);
  ({ endpoints } = installation);
  await installation.rabbitmq('rabbitmq-plugins', 'enable', 'rabbitmq_auth_mechanism_ssl');
  owner = new pg.Client({ connectionString: endpoints.databaseUrl });
  await owner.connect();
  databaseUser = new URL(endpoints.databaseUrl).username;
  await databaseWithTls();
}, 300_000);
afterAll(async () => {
  for (const ingest of running.splice(0)) await ingest.stop();
  await owner?.end();
  await installation?.stop();
  rmSync(FOLDER, { recursive: true, force: true });
}, 60_000);

interface Given {
  readonly broker?: Certificate | undefined;
  readonly database?: Certificate | undefined;
  readonly brokerAuthority?: Certificate;
  readonly databaseAuthority?: Certificate;
  readonly host?: string;
}

const running: { stop(): Promise<void> }[] = [];

/** A second ingest, which uses TLS. Resolves once it listens. */
async function startIngest(given: Given = {}) {
  const { host = '127.0.0.1', brokerAuthority = authority, databaseAuthority = authority } = given;
  const broker = 'broker' in given ? given.broker : authority.issue(INGEST);
  const database = 'database' in given ? given.database : authority.issue(databaseUser);
  const { port, pathname } = new URL(endpoints.databaseUrl);
  const administrator = new URL(endpoints.amqpUrl);
  const ingest: ChildProcess = spawn(process.execPath, [compiledProgram('ingest')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AMQP_URL: `amqps://${encodeURIComponent(INGEST)}@${host}:${tlsPort}/%2F`,
      SETTINGS_AMQP_URL: `amqps://${administrator.username}:${administrator.password}@${host}:${tlsPort}/%2F`,
      AMQP_CA_FILE: brokerAuthority.cert,
      ...(broker && { AMQP_CERT_FILE: broker.cert, AMQP_KEY_FILE: broker.key }),
      DATABASE_URL: `postgresql://${databaseUser}@${host}:${port}${pathname}`,
      DATABASE_CA_FILE: databaseAuthority.cert,
      ...(database && { DATABASE_CERT_FILE: database.cert, DATABASE_KEY_FILE: database.key }),
      HTTP_PORT: '0',
    },
  });
  let output = '';
  for (const stream of [ingest.stdout!, ingest.stderr!])
    stream.on('data', (text: Buffer) => (output += text.toString()));
  const one = {
    output: () => output,
    url: () => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0],
    ready: async () => {
      const answer = await fetch(`${one.url()}/health/ready`);
      return (await answer.json()) as { status: string; checks: Record<string, string> };
    },
    stop: async () => {
      if (ingest.exitCode !== null) return;
      ingest.kill('SIGTERM');
      await once(ingest, 'exit');
    },
  };
  running.push(one);
  await eventually(() => {
    if (one.url() === undefined) throw new Error(`ingest does not listen: ${output}`);
  }, 60_000);
  return one;
}

describe('ingest with client certificates and no password', () => {
  it('is ready', async () => {
    const ingest = await startIngest();
    await eventually(async () => expect(await ingest.ready()).toMatchObject({ status: 'ready' }));
    await ingest.stop();
  }, 90_000);

  it.each<[string, 'broker' | 'database', () => Given, RegExp]>([
    [
      'trusts another authority',
      'broker',
      () => ({ brokerAuthority: other }),
      /the certificate of the broker is signed by another authority/,
    ],
    [
      'trusts another authority',
      'database',
      () => ({ databaseAuthority: other }),
      /the certificate of the database is signed by another authority/,
    ],
    [
      'shows no certificate',
      'broker',
      () => ({ broker: undefined }),
      /the broker refused the client certificate: it requires one, got none/,
    ],
    [
      'shows no certificate',
      'database',
      () => ({ database: undefined }),
      /the database refused the client certificate: it requires one, got none/,
    ],
    [
      'shows an expired certificate',
      'broker',
      () => ({ broker: authority.issue(INGEST, { isExpired: true }) }),
      /the broker refused the client certificate \(CN=.*; expired at .*Z\): it has expired/,
    ],
    [
      'shows an expired certificate',
      'database',
      () => ({ database: authority.issue(databaseUser, { isExpired: true }) }),
      /the database refused the client certificate \(CN=.*; expired at .*Z\)/,
    ],
    [
      'shows a certificate of another authority',
      'broker',
      () => ({ broker: other.issue(INGEST) }),
      /the broker refused the client certificate \(CN=.*\): it is signed by another authority/,
    ],
    [
      'shows a certificate of another authority',
      'database',
      () => ({ database: other.issue(databaseUser) }),
      /the database refused the client certificate \(CN=.*\): it is signed by another authority/,
    ],
    [
      'uses another host name',
      'broker',
      () => ({ host: 'localhost' }),
      /the certificate of the broker is for another host name: expected localhost, got IP Address:127\.0\.0\.1/,
    ],
    [
      'uses another host name',
      'database',
      () => ({ host: 'localhost' }),
      /the certificate of the database is for another host name: expected localhost, got IP Address:127\.0\.0\.1/,
    ],
  ])(
    'says so if it %s (%s)',
    async (_, server, given, reason) => {
      const ingest = await startIngest(given());
      await eventually(async () => {
        const { checks } = await ingest.ready();
        const unready = server === 'database' ? checks.database : Object.values(checks).join('\n');
        expect(unready).toMatch(reason);
      }, 60_000);
      await ingest.stop();
    },
    90_000,
  );
});

describe('while the certificates are renewed under load', () => {
  it('uses the new ones within a minute, and no report is lost', async () => {
    const broker = copied(authority.issue(INGEST, { organization: 'old' }), 'ingest');
    const database = copied(authority.issue(databaseUser, { organization: 'old' }), 'database');
    const ingest = await startIngest({ broker, database });
    await eventually(async () => expect(await ingest.ready()).toMatchObject({ status: 'ready' }));
    await eventually(async () => expect(await shownIn('old')).toBe(true));

    let isOver = false;
    const published = publishReports(() => isOver);
    copied(authority.issue(INGEST, { organization: 'new' }), 'ingest');
    copied(authority.issue(databaseUser, { organization: 'new' }), 'database');
    await eventually(async () => {
      expect(ingest.output()).toContain('the certificates were renewed');
      expect(await shownIn('new')).toBe(true);
      expect(await shownIn('old')).toBe(false);
    }, 120_000);
    await eventually(async () => expect(await ingest.ready()).toMatchObject({ status: 'ready' }));
    isOver = true;
    const count = await published;
    await eventually(async () => expect(await stored()).toBe(count), 60_000);
  }, 240_000);
});

/** Whether a session of the database was opened with a client certificate of this organization. */
async function shownIn(organization: string): Promise<boolean> {
  const { rows } = await owner.query(
    `SELECT FROM pg_stat_ssl WHERE client_dn LIKE '%O=' || $1 || '%'`,
    [organization],
  );
  return rows.length > 0;
}

/** @returns how many the broker has confirmed */
async function publishReports(isOver: () => boolean): Promise<number> {
  const connection = await connect(endpoints.amqpUrl);
  const channel = await connection.createConfirmChannel();
  let count = 0;
  while (!isOver()) {
    const data = {
      scope: 'db',
      done_at: new Date().toISOString(),
      status: 1,
      output_message: String(count),
      fqdn: 'renewed.example.com',
      log_path: '',
    };
    channel.publish(
      'ovirt.engine-backup',
      'ENGINE_BACKUP_COMPLETED.db',
      Buffer.from(JSON.stringify(data)),
      { persistent: true, messageId: `renewed-${count++}` },
    );
    await sleep(5);
  }
  await channel.waitForConfirms();
  await connection.close();
  return count;
}

async function stored(): Promise<number> {
  const { rows } = await owner.query<{ count: number }>(
    `SELECT count(*)::int FROM engine_backup_log WHERE fqdn = 'renewed.example.com'`,
  );
  return rows[0]!.count;
}

/** The files at a place that stays the same when they are renewed. */
function copied(certificate: Certificate, name: string): Certificate {
  const at = { cert: join(FOLDER, `${name}.pem`), key: join(FOLDER, `${name}.key`) };
  copyFileSync(certificate.cert, at.cert);
  copyFileSync(certificate.key, at.key);
  return at;
}

/** Sessions by TLS need a certificate of their user; the product's own go on without TLS. */
async function databaseWithTls(): Promise<void> {
  const show = async (setting: string) => {
    const { rows } = await owner.query<Record<string, string>>(`SHOW ${setting}`);
    return Object.values(rows[0]!)[0]!;
  };
  const folder = await show('data_directory');
  const { uid, gid } = statSync(folder);
  const place = (from: string, name: string) => {
    const path = join(folder, name);
    copyFileSync(from, path);
    chownSync(path, uid, gid);
  };
  place(authority.cert, 'ca.pem');
  place(serverFiles.cert, 'server.pem');
  place(serverFiles.key, 'server.key');
  const { rows } = await owner.query<{ text: string }>(
    `SELECT pg_read_file(current_setting('hba_file')) AS text`,
  );
  const hba = await show('hba_file');
  writeFileSync(hba, `hostssl all all 127.0.0.1/32 cert\n${rows[0]!.text}`);
  for (const [name, value] of [
    ['ssl_ca_file', 'ca.pem'],
    ['ssl_cert_file', 'server.pem'],
    ['ssl_key_file', 'server.key'],
    ['ssl', 'on'],
  ])
    await owner.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await owner.query('SELECT pg_reload_conf()');
}
