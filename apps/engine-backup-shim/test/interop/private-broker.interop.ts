import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  clientCertificateListener,
  createAuthority,
  eventually,
  freePort,
  startPrivateInstallation,
  type Authority,
  type Certificate,
  type PrivateInstallation,
} from '@backup-awareness/testing';
import pg from 'pg';
import { brokerKeys, createEngineHost, PROGRAM, type EngineHost } from '../helpers/engine-host.js';
import { readArchive, useEngineHosts } from '../stand-in/engine-host.js';

// Tests that cannot use a shared broker: alarms, and a TLS listener that requires client certificates.
let installation: PrivateInstallation;
let authority: Authority;
let tlsPort: number;
/** The files that the broker's listener reads. */
let server: Certificate;
let database: pg.Client;
beforeAll(async () => {
  installation = await startPrivateInstallation(async (folder) => {
    authority = createAuthority(join(folder, 'certificates'), 'authority');
    tlsPort = await freePort();
    server = authority.issue('broker');
    return clientCertificateListener(authority, server, tlsPort);
  });
  await installation.rabbitmq('rabbitmq-plugins', 'enable', 'rabbitmq_auth_mechanism_ssl');
  database = new pg.Client({ connectionString: installation.endpoints.databaseUrl });
  await database.connect();
}, 300_000);
afterAll(async () => {
  await database?.end();
  await installation?.stop();
}, 60_000);

async function rowsOf(fqdn: string): Promise<string[]> {
  const { rows } = await database.query<{ row: string }>(
    `SELECT scope || ' ' || coalesce(is_passed::text, 'started') AS row FROM engine_backup_log
      WHERE fqdn = $1 ORDER BY done_at`,
    [fqdn],
  );
  return rows.map(({ row }) => row);
}

describe('while an alarm of the broker blocks publishers', () => {
  const standIns = useEngineHosts();
  const alarm = (...watermark: string[]) =>
    installation.rabbitmq('rabbitmqctl', 'set_vm_memory_high_watermark', ...watermark);
  let host: EngineHost;
  beforeEach(async () => {
    host = createEngineHost();
    await alarm('absolute', '1MB');
  });
  afterEach(async () => {
    await alarm('0.4');
    host.remove();
  });
  const keys = () => ({ ...brokerKeys(installation.endpoints.amqpUrl), DELIVERY_TIMEOUT_S: 5 });

  it('a backup is the same as without the drop-in, and its reports arrive when the alarm is cleared', async () => {
    const configuration = Object.entries({
      ...keys(),
      NODE: process.execPath,
      KEEP_ENGINE_NOTICE: 'no',
    })
      .map(([key, value]) => `${key}=${value}\n`)
      .join('');
    const fqdn = 'alarmed.example.com';
    const shim = readFileSync(PROGRAM, 'utf8');
    const engine = { ENGINE_FQDN: fqdn };
    const monitored = standIns({ shim, configuration, engine });
    // Without a user there are no notices to oVirt's database, which is not there.
    const unmonitored = standIns({ dropIn: false, engine: { ...engine, ENGINE_DB_USER: '' } });
    expect(await monitored.run(['--scope=files'])).toEqual(
      await unmonitored.run(['--scope=files']),
    );
    const withoutUser = (text: string | undefined) => text?.replaceAll(/ENGINE_DB_USER.*/g, '');
    const [archive, expected] = [monitored, unmonitored].map((one) => readArchive(one.archive, ''));
    expect(Object.keys(archive!)).toEqual(Object.keys(expected!));
    expect(withoutUser(archive!['./files'])).toEqual(withoutUser(expected!['./files']));
    await eventually(
      async () => expect((await monitored.shim('flush')).stderr).toContain('blocks publishers'),
      45_000,
    );
    expect(monitored.reported()).toEqual(['0 files', '1 files']);
    expect(await rowsOf(fqdn)).toEqual([]);

    await alarm('0.4');
    await eventually(async () => {
      await monitored.shim('flush');
      expect(await rowsOf(fqdn)).toEqual(['files started', 'files true']);
    }, 45_000);
    expect(monitored.reported()).toEqual([]);
  });

  it('a command runs as usual, and its reports are kept', async () => {
    host.configure({ ...keys(), FQDN: 'kept.example.com' });
    const report = ['log-event', '--scope', 'db', '--status', '1'];
    expect(await host.shim(report)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/pending in the spool.*the broker blocks publishers/),
    });
    const command = ['run', '--scope', 'files', '--', 'sh', '-c', 'echo done; exit 4'];
    expect(await host.shim(command)).toEqual({
      code: 4,
      signal: null,
      stdout: 'done\n',
      stderr: '',
    });
    await alarm('0.4');
    await eventually(async () => {
      await host.shim(['flush']);
      const rows = ['db true', 'files started', 'files false'];
      expect(await rowsOf('kept.example.com')).toEqual(rows);
    }, 45_000);
  });

  it('install warns at the end that no report can be delivered yet', async () => {
    const keys = brokerKeys(installation.endpoints.amqpUrl);
    const environment = { ...keys, FQDN: 'kept.example.com' };
    const { code, stderr } = await host.shim(['install'], { environment });
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining(
        'no report can be delivered yet: the broker blocks publishers',
      ),
    });
  });
});

describe('TLS with a client certificate', () => {
  const REPORT = ['log-event', '--scope', 'db', '--status', '1'];
  let host: EngineHost;
  beforeEach(() => {
    host = createEngineHost();
    host.write(join(host.root, 'usr/bin/engine-backup'), '');
  });
  afterEach(() => host.remove());

  const url = () => `amqps://127.0.0.1:${tlsPort}`;
  /** As an administrator would set up a host, with a password file. */
  const install = (certificate: Certificate, ca: string, ...more: string[]) => {
    const { BROKER_USER, BROKER_PASSWORD } = brokerKeys(installation.endpoints.amqpUrl);
    const password = host.write(`${host.root}/password`, `${BROKER_PASSWORD}\n`);
    const files = ['--broker-cert-file', certificate.cert, '--broker-key-file', certificate.key];
    const broker = ['--broker-url', url(), '--broker-user', BROKER_USER!, '--broker-ca-file', ca];
    const engine = ['--fqdn', 'certified.example.com'];
    const all = ['--broker-password-file', password, ...broker, ...files, ...engine, ...more];
    return host.shim(['install', ...all]);
  };

  it('delivers a report, which is stored', async () => {
    const fqdn = 'certified.example.com';
    const installed = await install(authority.issue('host'), authority.cert, '--fqdn', fqdn);
    expect(installed).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('and its request for settings was answered'),
    });
    expect(await host.shim(REPORT)).toMatchObject({ code: 0, stderr: '' });
    expect(host.spooled()).toEqual([]);
    await eventually(async () => expect(await rowsOf(fqdn)).toEqual(['db true']));
  });

  it('needs no password if the certificate identifies the user', async () => {
    const fqdn = 'external.example.com';
    await installation.rabbitmq('rabbitmqctl', 'add_user', 'external', 'unknown to the host');
    const rights = ['^$', '^ovirt\\.engine-backup$', '^$'];
    await installation.rabbitmq('rabbitmqctl', 'set_permissions', 'external', ...rights);
    const { cert, key } = authority.issue('external');
    host.configure({
      BROKER_URL: url(),
      BROKER_USER: 'external',
      BROKER_CA_FILE: authority.cert,
      BROKER_CERT_FILE: cert,
      BROKER_KEY_FILE: key,
      FQDN: fqdn,
    });
    expect(await host.shim(REPORT)).toMatchObject({ code: 0, stderr: '' });
    await eventually(async () => expect(await rowsOf(fqdn)).toEqual(['db true']));
  });

  const show = async (certificate: Certificate) => {
    copyFileSync(certificate.cert, server.cert);
    copyFileSync(certificate.key, server.key);
    await installation.rabbitmq('rabbitmqctl', 'eval', 'ssl:clear_pem_cache().');
  };
  const anotherAuthority = () => createAuthority(join(host.root, 'other'), 'other');
  const expired = (name: string) => authority.issue(name, { isExpired: true });

  it.each<[string, () => Parameters<typeof install>, RegExp]>([
    [
      'is signed by another authority',
      () => [authority.issue('host'), anotherAuthority().cert],
      /: the certificate of the broker is signed by another authority than the trusted one/,
    ],
    [
      'is for another host name',
      () => [
        authority.issue('host'),
        authority.cert,
        '--broker-url',
        `amqps://localhost:${tlsPort}`,
      ],
      /: the certificate of the broker is for another host name: expected localhost, got IP Address:127\.0\.0\.1/,
    ],
  ])('rejects a broker whose certificate %s, and keeps the report', async (_, given, reason) => {
    await isRefused(given(), reason);
  });

  it('rejects a broker whose certificate has expired, says since when, and keeps the report', async () => {
    await show(expired('broker'));
    try {
      await isRefused(
        [authority.issue('host'), authority.cert],
        /: the certificate of the broker has expired \(valid until \d\S+Z\)/,
      );
    } finally {
      await show(authority.issue('broker'));
    }
  });

  it.each<[string, () => Certificate, RegExp]>([
    [
      'an expired certificate',
      () => expired('host'),
      /: the broker refused the client certificate \(CN=host; expired at \S+Z\): it has expired/,
    ],
    [
      'a certificate of another authority',
      () => anotherAuthority().issue('host'),
      /: the broker refused the client certificate \(CN=host; expires at \S+Z\): it is signed by another authority/,
    ],
  ])('is refused by the broker with %s, and keeps the report', async (_, shown, reason) => {
    await isRefused([shown(), authority.cert], reason);
  });

  /** Both when the host is set up, and when it reports. */
  async function isRefused(given: Parameters<typeof install>, reason: RegExp): Promise<void> {
    const line = new RegExp(`TLS with amqps:\\S+ failed${reason.source}`);
    const { code, stderr } = await install(...given);
    expect({ code, stderr }).toMatchObject({ code: 3, stderr: expect.stringMatching(line) });
    const ended = await host.shim(REPORT);
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringMatching(line) });
    expect(host.spooled()).toHaveLength(1);
  }

  it('warns of an unreadable key, and keeps the report', async () => {
    const { cert, key } = authority.issue('host');
    const mine = { cert, key: join(host.root, 'key.pem') };
    writeFileSync(mine.key, readFileSync(key));
    await install(mine, authority.cert);
    rmSync(mine.key);
    const ended = await host.shim(REPORT);
    expect(ended).toMatchObject({ code: 0, stderr: expect.stringContaining(mine.key) });
    expect(host.spooled()).toHaveLength(1);
  });
});
