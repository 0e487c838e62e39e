import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect as connectSocket, createServer, type AddressInfo, type Server } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer, TLSSocket } from 'node:tls';
import { buryAs } from '../spec/bury.js';
import {
  createExaminedInstallation,
  type ExaminedInstallation,
} from '../spec/examined-installation.js';
import { runCommand } from '../spec/run-command.js';

let installation: ExaminedInstallation;
let at: string;
beforeEach(async () => {
  installation = await createExaminedInstallation();
  at = encodeURIComponent(installation.broker.vhost);
});
afterEach(() => installation?.drop());

const api = (method: string, path: string, body?: unknown) =>
  installation.broker.api(method, path, body);
const userName = (user: string) => encodeURIComponent(`${installation.broker.vhost}.${user}`);

/** That the doctor finds these wrong, and that the remedy of the first makes it ok. */
async function isHealed(
  names: readonly string[],
  detail: string,
  remedy: string,
  state = 'failed',
): Promise<void> {
  const broken = await installation.doctor();
  const check = broken.check(names[0]!);
  expect(check).toMatchObject({ state, detail: expect.stringContaining(detail), remedy });
  expect(broken.wrong).toEqual(names);
  await installation.runRemedy(check);
  expect((await installation.doctor()).check(names[0]!).state).toBe('ok');
}

const APPLY = 'backup-awareness topology apply';

test('given that nothing answers where the broker should be, the other checks do', async () => {
  installation.point({ amqpUrl: 'amqp://administrator:secret@127.0.0.1:1/%2F' });
  const { check, wrong } = await installation.doctor();
  expect(check('broker')).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('cannot reach the broker at 127.0.0.1:1'),
    remedy: expect.stringContaining('start RabbitMQ'),
  });
  for (const name of ['topology', 'users', 'lag', 'dead-letters', 'unrouted'])
    expect(check(name)).toMatchObject({ state: 'skipped', detail: 'RabbitMQ cannot be reached' });
  for (const name of ['database', 'roles', 'outbox']) expect(check(name).state).toBe('ok');
  expect(wrong).toContain('broker');
});

test('given no management API, what only that can tell is skipped, and says so', async () => {
  installation.point({ amqpManagementUrl: undefined });
  const { check, healthy } = await installation.doctor();
  for (const name of ['topology', 'bindings', 'policies', 'broker-alarms'])
    expect(check(name)).toMatchObject({
      state: 'skipped',
      detail: expect.stringContaining('AMQP_MANAGEMENT_URL is not set'),
    });
  for (const name of ['users', 'permissions'])
    expect(check(name)).toMatchObject({
      state: 'skipped',
      detail: expect.stringContaining('all services share the user of AMQP_URL'),
    });
  expect(healthy).toBe(true);
});

test('given a management API that only monitors, permissions are skipped, and the doctor says so', async () => {
  installation.point({ amqpManagementUrl: installation.broker.monitorUrl });
  const { check } = await installation.doctor();
  expect(check('bindings').state).toBe('ok');
  expect(check('permissions')).toMatchObject({
    state: 'skipped',
    detail: expect.stringContaining('only an administrator'),
  });
});

test('given no passwords of the services, their logins are skipped, and the doctor says so', async () => {
  const { broker, database } = installation;
  const { stdout } = await runCommand(['doctor', '--json'], {
    AMQP_URL: broker.amqpUrl,
    AMQP_MANAGEMENT_URL: broker.managementUrl,
    DATABASE_URL: database.ownerUrl,
    RUN_DIR: '/nowhere',
  });
  const { checks } = JSON.parse(stdout) as { checks: { name: string }[] };
  const check = (name: string) => checks.find((one) => one.name === name);
  expect(check('roles')).toMatchObject({
    state: 'skipped',
    detail: expect.stringContaining('their passwords are unknown'),
    remedy: expect.stringContaining('INGEST_DATABASE_PASSWORD'),
  });
  expect(check('users')).toMatchObject({
    state: 'skipped',
    remedy: expect.stringContaining('REPLAY_AMQP_PASSWORD'),
  });
  for (const name of ['services', 'versions'])
    expect(check(name)).toMatchObject({
      state: 'skipped',
      detail: expect.stringContaining('it is unknown where the services are'),
    });
});

test('given everything in variables of the environment, every check can look', async () => {
  const { broker, database } = installation;
  const passwordOf = (url: string) => decodeURIComponent(new URL(url).password);
  const { stdout, stderr, exitCode } = await runCommand(['doctor', '--json'], {
    AMQP_URL: broker.amqpUrl,
    AMQP_MANAGEMENT_URL: broker.managementUrl,
    DATABASE_URL: database.ownerUrl,
    SERVICE_URLS: `ingest=${installation.serviceUrl}`,
    INGEST_DATABASE_PASSWORD: passwordOf(database.urls.ingest),
    CHECKER_DATABASE_PASSWORD: passwordOf(database.urls.checker),
    AUDIT_DATABASE_PASSWORD: passwordOf(database.urls.audit),
    INGEST_AMQP_PASSWORD: passwordOf(broker.urlOf('ingest')),
    INGEST_SETTINGS_AMQP_PASSWORD: passwordOf(broker.urlOf('ingest-settings')),
    FRESHNESS_CHECKER_AMQP_PASSWORD: passwordOf(broker.urlOf('freshness-checker')),
    ACTIVE_ALERTS_AMQP_PASSWORD: passwordOf(broker.urlOf('active-alerts')),
    AUDIT_AMQP_PASSWORD: passwordOf(broker.urlOf('audit')),
    REPLAY_AMQP_PASSWORD: passwordOf(broker.urlOf('replay')),
    MONITOR_AMQP_PASSWORD: passwordOf(broker.urlOf('monitor')),
    RUN_DIR: '/nowhere',
  });
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  const { checks } = JSON.parse(stdout) as { checks: { name: string; state: string }[] };
  const others = checks.filter(({ state }) => state !== 'ok').map(({ name }) => name);
  // This broker collects no statistics, and nobody is to be notified.
  expect(others).toEqual(['disk', 'notifications']);
});

test('given that a queue is missing, when its remedy was run, it exists', async () => {
  await api('DELETE', `queues/${at}/ovirt.unrouted`);
  const { check } = await installation.doctor();
  for (const name of ['bindings', 'policies'])
    expect(check(name)).toMatchObject({ state: 'skipped', remedy: 'see the check topology' });
  await isHealed(['topology', 'unrouted'], 'missing: queue ovirt.unrouted', APPLY);
});

test('given that a binding is missing, when its remedy was run, it exists, and what it missed is delivered', async () => {
  const key = 'ENGINE_BACKUP_COMPLETED.%23';
  for (const queue of ['ingest', 'audit'])
    await api('DELETE', `bindings/${at}/e/ovirt.engine-backup/q/backup-awareness.${queue}/${key}`);
  await installation.broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', {});
  await isHealed(['bindings', 'unrouted'], 'binding ENGINE_BACKUP_COMPLETED.#', APPLY);
  await isHealed(
    ['unrouted'],
    '1 unrouted message',
    'backup-awareness dead-letters replay --all --queue unrouted',
    'warning',
  );
});

test('given that a user is missing, when its remedy was run, its service can log in', async () => {
  await api('DELETE', `users/${userName('audit')}`);
  await isHealed(['users', 'permissions'], 'audit cannot log in', APPLY);
});

test('given that a user has another password, when its remedy was run, its service can log in', async () => {
  await api('PUT', `users/${userName('replay')}`, { password: 'other', tags: '' });
  await isHealed(['users'], 'replay cannot log in', APPLY);
});

test('given that a permission was revoked, when its remedy was run, the user has it again', async () => {
  const none = { configure: '^$', write: '^$', read: '^$' };
  await api('PUT', `permissions/${at}/${userName('ingest')}`, none);
  await isHealed(['permissions'], 'ingest: write: expected', APPLY);
});

test('given that a policy is missing, when its remedy was run, it is in force', async () => {
  await api('DELETE', `policies/${at}/backup-awareness-kept`);
  await isHealed(
    ['policies'],
    'queue backup-awareness.ingest.dead, queue backup-awareness.audit.dead, queue ovirt.unrouted: policy: message-ttl',
    APPLY,
  );
});

test('given a dead letter whose cause is gone, when its remedy was run, there is none', async () => {
  await buryAs(installation.broker.urlOf('ingest'), [
    { id: '01900000-0000-7000-8000-000000000001', body: '{}' },
  ]);
  await isHealed(
    ['dead-letters'],
    '1 dead letter',
    'backup-awareness dead-letters replay --all --queue ingest',
    'warning',
  );
});

test('given that nobody consumes, each queue and who should consume it is named', async () => {
  await installation.stopConsuming();
  const { check, wrong } = await installation.doctor();
  expect(check('lag')).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining(
      'backup-awareness.audit has no consumer, and 0 messages waiting',
    ),
    remedy: expect.stringMatching(/start ingest; .*start audit; /),
  });
  expect(wrong).toEqual(['lag']);
  await installation.consume();
  expect((await installation.doctor()).check('lag').state).toBe('ok');
});

test('given a service that is not ready, its reason is told until it is', async () => {
  installation.services.status = 503;
  const { check, wrong } = await installation.doctor();
  expect(check('services')).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('ingest is not ready: database: the database is read-only'),
  });
  expect(wrong).toEqual(['services']);
  installation.services.status = 200;
  expect((await installation.doctor()).check('services').state).toBe('ok');
});

test.each([
  ['of an older version', '0.0.9', 'ingest is version 0.0.9, not'],
  ['that tells no version', null, 'ingest tells no version'],
])('given a service %s, it is named until it is restarted', async (_, version, detail) => {
  const { version: own } = installation.services;
  installation.services.version = version;
  const { check, wrong } = await installation.doctor();
  expect(check('versions')).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining(detail),
    remedy: expect.stringContaining('restart the services'),
  });
  expect(wrong).toEqual(['versions']);
  installation.services.version = own;
  expect((await installation.doctor()).check('versions').state).toBe('ok');
});

describe('certificates', () => {
  /** A certificate of 127.0.0.1 and its key, in PEM, and where it is; made by `openssl`. */
  function makeCertificate(name: string, days: number) {
    const cert = join(installation.folder, `${name}.pem`);
    const key = join(installation.folder, `${name}.key`);
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
        ...['-subj', '/CN=server', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', String(days)],
        ...['-keyout', key, '-out', cert],
      ],
      { stdio: 'ignore' },
    );
    return { path: cert, cert: readFileSync(cert), key: readFileSync(key) };
  }

  const servers: Server[] = [];
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  async function portOf(server: Server): Promise<number> {
    servers.push(server);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return (server.address() as AddressInfo).port;
  }

  /** The URL through something that speaks TLS before the server. */
  function through(url: string, protocol: string, port: number): string {
    const secure = new URL(url.replace(/^\w+:/, protocol));
    secure.host = `127.0.0.1:${port}`;
    return secure.href;
  }

  const toServer = (url: string) => {
    const { hostname, port } = new URL(url);
    const socket = connectSocket({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined);
    return socket;
  };

  test.each([
    ['10 days', 10, 'warning'],
    ['3 days', 3, 'failed'],
  ])(
    'given a broker whose certificate ends in %s, it is named until it is renewed',
    async (_, days, state) => {
      const { broker } = installation;
      const proxyWith = async (certificate: ReturnType<typeof makeCertificate>) => {
        const server = createTlsServer(certificate, (socket) => {
          socket.on('error', () => undefined);
          socket.pipe(toServer(broker.amqpUrl)).pipe(socket);
        });
        installation.point({ amqpUrl: through(broker.amqpUrl, 'amqps:', await portOf(server)) });
        return installation.doctor({ NODE_EXTRA_CA_CERTS: certificate.path });
      };
      const { check, wrong } = await proxyWith(makeCertificate('old', days));
      expect(check('tls-expiry')).toMatchObject({
        state,
        detail: expect.stringMatching(
          new RegExp(`certificate of 127.0.0.1:\\d+ expires in ${days - 1} d`),
        ),
        remedy: expect.stringContaining('renew the certificate'),
      });
      expect(wrong).toEqual(['tls-expiry']);
      const { check: renewed } = await proxyWith(makeCertificate('new', 90));
      expect(renewed('tls-expiry')).toMatchObject({
        state: 'ok',
        detail: expect.stringContaining('expires in 89 d'),
      });
    },
  );

  test('given a database whose certificate ends in 10 days, the doctor warns', async () => {
    const { database } = installation;
    const certificate = makeCertificate('database', 10);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      // PostgreSQL's request for TLS, and its answer.
      socket.once('data', () => {
        socket.write('S');
        const secure = new TLSSocket(socket, { isServer: true, ...certificate });
        secure.on('error', () => undefined);
        secure.pipe(toServer(database.ownerUrl)).pipe(secure);
      });
    });
    const url = through(database.ownerUrl, 'postgresql:', await portOf(server));
    installation.point({ databaseUrl: `${url}?sslmode=verify-full` });
    const { check, wrong } = await installation.doctor({ NODE_EXTRA_CA_CERTS: certificate.path });
    expect(check('tls-expiry')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('expires in 9 d'),
    });
    expect(wrong).toEqual(['tls-expiry']);
  });

  test('given a certificate of the environment that ends in 10 days, its variable is named', async () => {
    const { path } = makeCertificate('ca', 10);
    const { check } = await installation.doctor({ DATABASE_CA_FILE: path });
    expect(check('tls-expiry')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining('the certificate of DATABASE_CA expires in 9 d'),
    });
  });
});
