import { chownSync, copyFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  clientCertificateListener,
  createAuthority,
  freePort,
  startPrivateInstallation,
  type Authority,
  type Certificate,
  type Endpoints,
} from '@backup-awareness/testing';
import pg from 'pg';

export type Server = 'broker' | 'management' | 'database';

/** An installation whose broker, management API and database have TLS, too, and require client certificates there. */
export interface TlsInstallation {
  readonly authority: Authority;
  /** Which the servers do not trust, nor is any of their certificates signed by it. */
  readonly other: Authority;
  readonly endpoints: Endpoints;
  /** A session of the database's owner, without TLS. */
  readonly owner: pg.Client;
  readonly databaseUser: string;
  /** Where a server listens with TLS, without a user. `host` is another name than that of its certificate, for example. */
  url(server: Server, host?: string): URL;
  /** From now on, new connections get this certificate; that of the beginning by default. */
  show(server: Server, certificate?: Certificate): Promise<void>;
  /** Copies the files to a place that stays the same when they are renewed. */
  copied(certificate: Certificate, name: string): Certificate;
  stop(): Promise<void>;
}

export async function startTlsInstallation(): Promise<TlsInstallation> {
  const folder = mkdtempSync(join(tmpdir(), 'tls-'));
  const authority = createAuthority(join(folder, 'certificates'), 'authority');
  const other = createAuthority(join(folder, 'other'), 'another authority');
  const copied = (certificate: Certificate, name: string): Certificate => {
    const at = { cert: join(folder, `${name}.pem`), key: join(folder, `${name}.key`) };
    copyFileSync(certificate.cert, at.cert);
    copyFileSync(certificate.key, at.key);
    return at;
  };
  const valid = authority.issue('server');
  const ports = { broker: await freePort(), management: await freePort() };
  const installation = await startPrivateInstallation(async () => [
    ...clientCertificateListener(authority, copied(valid, 'broker'), ports.broker),
    ...managementListener(authority, copied(valid, 'management'), ports.management),
  ]);
  await installation.rabbitmq('rabbitmq-plugins', 'enable', 'rabbitmq_auth_mechanism_ssl');
  const { endpoints } = installation;
  const owner = new pg.Client({ connectionString: endpoints.databaseUrl });
  await owner.connect();
  const database = await databaseWithTls(owner, authority, valid);
  const { username, port, pathname } = new URL(endpoints.databaseUrl);
  return {
    authority,
    other,
    endpoints,
    owner,
    databaseUser: username,
    url: (server, host = '127.0.0.1') =>
      new URL(
        server === 'broker'
          ? `amqps://${host}:${ports.broker}/%2F`
          : server === 'management'
            ? `https://${host}:${ports.management}`
            : `postgresql://${host}:${port}${pathname}`,
      ),
    show: async (server, certificate = valid) => {
      if (server === 'database') return database.show(certificate);
      copied(certificate, server);
      await installation.rabbitmq('rabbitmqctl', 'eval', 'ssl:clear_pem_cache().');
    },
    copied,
    stop: async () => {
      await owner.end();
      await installation.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The lines of rabbitmq.conf for the management API, beside its port without TLS. */
function managementListener(authority: Certificate, server: Certificate, port: number): string[] {
  return [
    'management.ssl.ip = 127.0.0.1',
    `management.ssl.port = ${port}`,
    `management.ssl.cacertfile = ${authority.cert}`,
    `management.ssl.certfile = ${server.cert}`,
    `management.ssl.keyfile = ${server.key}`,
    'management.ssl.verify = verify_peer',
    'management.ssl.fail_if_no_peer_cert = true',
  ];
}

/** Sessions by TLS need a certificate of their user; the product's own go on without TLS. */
async function databaseWithTls(owner: pg.Client, authority: Certificate, server: Certificate) {
  const shown = async (setting: string) => {
    const { rows } = await owner.query<Record<string, string>>(`SHOW ${setting}`);
    return Object.values(rows[0]!)[0]!;
  };
  const folder = await shown('data_directory');
  const { uid, gid } = statSync(folder);
  const place = (from: string, name: string) => {
    const path = join(folder, name);
    copyFileSync(from, path);
    chownSync(path, uid, gid);
  };
  const show = async ({ cert, key }: Certificate) => {
    place(cert, 'server.pem');
    place(key, 'server.key');
    await owner.query('SELECT pg_reload_conf()');
  };
  place(authority.cert, 'ca.pem');
  const { rows } = await owner.query<{ text: string }>(
    `SELECT pg_read_file(current_setting('hba_file')) AS text`,
  );
  writeFileSync(await shown('hba_file'), `hostssl all all 127.0.0.1/32 cert\n${rows[0]!.text}`);
  for (const [name, value] of [
    ['ssl_ca_file', 'ca.pem'],
    ['ssl_cert_file', 'server.pem'],
    ['ssl_key_file', 'server.key'],
    ['ssl', 'on'],
  ])
    await owner.query(`ALTER SYSTEM SET ${name} = '${value}'`);
  await show(server);
  return { show };
}
