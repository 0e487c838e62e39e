import { createTestDatabase } from '@backup-awareness/testing';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TLSSocket } from 'node:tls';
import { dataSourceFor } from './data-source-for.js';

let database: Awaited<ReturnType<typeof createTestDatabase>>;
let folder: string;
let server: Server;
let shown: Certificate;

interface Certificate {
  readonly cert: string;
  readonly key: string;
}

function makeCertificate(name: string): Certificate {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const what = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  const how = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...how, ...what, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  });
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

/** What speaks TLS before the real database, with the certificate `shown`. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tls-'));
  shown = makeCertificate('server');
  database = await createTestDatabase();
  const { hostname, port } = new URL(database.ownerUrl);
  server = createServer((socket) => {
    socket.on('error', () => undefined);
    // PostgreSQL's request for TLS, and its answer.
    socket.once('data', () => {
      socket.write('S');
      const secure = new TLSSocket(socket, { isServer: true, ...shown });
      const plain = connect(Number(port), hostname);
      for (const one of [secure, plain]) one.on('error', () => undefined);
      secure.pipe(plain).pipe(secure);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  server?.close();
  rmSync(folder, { recursive: true, force: true });
  await database?.drop();
});

async function connects(parameters: string, ca: string): Promise<void> {
  const url = new URL(database.ownerUrl);
  url.port = String((server.address() as AddressInfo).port);
  const dataSource = dataSourceFor(`${url.href}${parameters}`, {
    readTls: () => ({ ca }),
    poolSize: 1,
  });
  await dataSource.initialize();
  await dataSource.destroy();
}

describe('given DATABASE_CA', () => {
  it.each(['', '?sslmode=require', '?sslmode=verify-full', '?ssl=true'])(
    'with %j in the URL, a server that its authority has not signed is refused, and its own accepted',
    async (parameters) => {
      await connects(parameters, shown.cert);
      await expect(connects(parameters, makeCertificate('another').cert)).rejects.toThrow(
        /certificate/,
      );
    },
  );

  it.each(['sslmode=no-verify', 'sslmode=disable', 'ssl=0', 'ssl=no-verify', 'sslmode=other'])(
    'a URL that asks for less, with %s, is refused before anything connects',
    (parameter) => {
      expect(() =>
        dataSourceFor(`postgresql://u:secret@h/d?${parameter}`, { readTls: () => ({}) }),
      ).toThrow(
        `DATABASE_URL: expected an ${parameter.split('=')[0]} that goes with DATABASE_CA or DATABASE_CERT, such as sslmode=verify-full, or none, got ${parameter}`,
      );
    },
  );

  it.each(['sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation'])(
    'a URL with %s, for which the driver would drop it, is refused',
    (name) => {
      expect(() =>
        dataSourceFor(`postgresql://u:secret@h/d?${name}=/secret`, { readTls: () => ({}) }),
      ).toThrow(
        `DATABASE_URL: expected no ${name} beside DATABASE_CA or DATABASE_CERT, got ${name}: remove one of the two`,
      );
    },
  );
});
