import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { brokerUserName } from '@backup-awareness/messaging';
import { compiledProgram, eventually, type Certificate } from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { startTlsInstallation, type Server, type TlsInstallation } from './tls-installation.js';

// Broker and database with TLS, which require client certificates; ingest knows no password of either of its two.
const INGEST = brokerUserName('/', 'ingest');
let installation: TlsInstallation;
let authority: TlsInstallation['authority'];
let other: TlsInstallation['other'];

beforeAll(async () => {
  installation = await startTlsInstallation();
  ({ authority, other } = installation);
}, 300_000);
afterAll(async () => {
  for (const ingest of running.splice(0)) await ingest.stop();
  await installation?.stop();
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
  const { host, brokerAuthority = authority, databaseAuthority = authority } = given;
  const { databaseUser, endpoints } = installation;
  const broker = 'broker' in given ? given.broker : authority.issue(INGEST);
  const database = 'database' in given ? given.database : authority.issue(databaseUser);
  const { username, password } = new URL(endpoints.amqpUrl);
  const url = (server: Server, user: string, secret = '') =>
    Object.assign(installation.url(server, host), { username: user, password: secret }).href;
  const ingest: ChildProcess = spawn(process.execPath, [compiledProgram('ingest')], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      AMQP_URL: url('broker', INGEST),
      SETTINGS_AMQP_URL: url('broker', username, password),
      AMQP_MANAGEMENT_URL: url('management', username, password),
      AMQP_CA_FILE: brokerAuthority.cert,
      ...(broker && { AMQP_CERT_FILE: broker.cert, AMQP_KEY_FILE: broker.key }),
      DATABASE_URL: url('database', databaseUser),
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

  it('is not ready while the management API shows an expired certificate', async () => {
    await installation.show('management', authority.issue('server', { isExpired: true }));
    const ingest = await startIngest();
    await eventually(async () => {
      const { checks } = await ingest.ready();
      expect(checks.topology).toMatch(
        /management API at https:\S+ does not answer: the certificate of the broker's management API has expired \(valid until \d.*Z\)/,
      );
    }, 60_000);
    await installation.show('management');
    await eventually(async () => expect(await ingest.ready()).toMatchObject({ status: 'ready' }));
    await ingest.stop();
  }, 90_000);

  it.each<['broker' | 'database']>([['broker'], ['database']])(
    'says since when the certificate of the %s has expired',
    async (server) => {
      const until = Date.now() - 86_400_000;
      await installation.show(server, authority.issue('server', { isExpired: true }));
      const ingest = await startIngest();
      await eventually(async () => {
        const { checks } = await ingest.ready();
        const unready = server === 'database' ? checks.database : Object.values(checks).join('\n');
        const [, at] = new RegExp(
          `the certificate of the ${server} has expired \\(valid until (\\S+Z)\\)`,
        ).exec(unready ?? '')!;
        // Issued, and so expired, within the last minutes of yesterday at this time.
        expect(Date.parse(at!) - until).toBeLessThan(600_000);
      }, 60_000);
      await installation.show(server);
      await eventually(async () => expect(await ingest.ready()).toMatchObject({ status: 'ready' }));
      await ingest.stop();
    },
    90_000,
  );

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
      () => ({ database: authority.issue(installation.databaseUser, { isExpired: true }) }),
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
      () => ({ database: other.issue(installation.databaseUser) }),
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
    const { copied, databaseUser } = installation;
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
  const { rows } = await installation.owner.query(
    `SELECT FROM pg_stat_ssl WHERE client_dn LIKE '%O=' || $1 || '%'`,
    [organization],
  );
  return rows.length > 0;
}

/** @returns how many the broker has confirmed */
async function publishReports(isOver: () => boolean): Promise<number> {
  const connection = await connect(installation.endpoints.amqpUrl);
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
  const { rows } = await installation.owner.query<{ count: number }>(
    `SELECT count(*)::int FROM engine_backup_log WHERE fqdn = 'renewed.example.com'`,
  );
  return rows[0]!.count;
}
