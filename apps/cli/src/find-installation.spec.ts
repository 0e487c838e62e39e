import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findInstallation, placeOf, requireBroker, requireDatabase } from './find-installation.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const databaseUrl = 'postgres://owner:pw@127.0.0.1:5432/backup';
const endpoints = {
  databaseUrl,
  amqpUrl: 'amqp://admin:pw@127.0.0.1:5672/%2F',
  services: { ingest: { pid: 1, url: 'http://127.0.0.1:8081' } },
};

function writeEndpoints(content: unknown = endpoints): void {
  writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(content));
}

test('endpoints.json in RUN_DIR tells where everything is', () => {
  writeEndpoints();
  expect(findInstallation({ RUN_DIR: folder })).toEqual({
    databaseUrl,
    amqpUrl: endpoints.amqpUrl,
    services: { ingest: 'http://127.0.0.1:8081' },
  });
});

test('without it nothing is running', () => {
  expect(() => findInstallation({ RUN_DIR: folder })).toThrow(
    `nothing is running: there is no endpoints.json in ${folder}`,
  );
});

test('the environment comes first, and the two are never mixed', () => {
  writeEndpoints();
  const environment = { RUN_DIR: folder, DATABASE_URL: 'postgres://other/db' };
  const found = findInstallation(environment);
  expect(found).toEqual({
    databaseUrl: 'postgres://other/db',
    amqpUrl: undefined,
    services: undefined,
  });
  expect(() => requireBroker(found)).toThrow('AMQP_URL is not');
  expect(() => requireDatabase({ ...found, databaseUrl: undefined })).toThrow(
    'DATABASE_URL is not',
  );
});

test('the services are known where the environment names the same database', () => {
  writeEndpoints();
  const found = findInstallation({ RUN_DIR: folder, DATABASE_URL: databaseUrl });
  expect(found.services).toEqual({ ingest: 'http://127.0.0.1:8081' });
});

test('a URL may come from a file, and a virtual host is named', () => {
  writeFileSync(join(folder, 'url'), 'amqp://u:pw@host\n');
  expect(findInstallation({ RUN_DIR: folder, AMQP_URL_FILE: join(folder, 'url') }).amqpUrl).toBe(
    'amqp://u:pw@host/%2F',
  );
});

test.each([
  ['a wrong one is refused without being shown', { DATABASE_URL: 'mysql://u:secret@h' }, 'got 18'],
  ['both ways at once are refused', { AMQP_URL: 'amqp://h', AMQP_URL_FILE: 'x' }, 'got both'],
  ['a file that is missing is told', { AMQP_URL_FILE: '/no/such' }, 'AMQP_URL_FILE: expected'],
])('%s', (_what, environment, message) => {
  expect(() => findInstallation(environment)).toThrow(message);
  expect(() => findInstallation(environment)).not.toThrow('secret');
});

test.each([[{}], [{ ...endpoints, databaseUrl: 7 }], [null], [{ ...endpoints, services: 3 }]])(
  'an endpoints.json that holds %j is not taken for one, or tells of no services',
  (content) => {
    writeEndpoints(content);
    const find = () => findInstallation({ RUN_DIR: folder }).services;
    if (content && 'services' in content && content.services === 3) expect(find()).toEqual({});
    else expect(find).toThrow('is not as npm start writes it');
  },
);

test('a place is told without credentials', () => {
  expect(placeOf('postgres://u:secret@h:5432/db?password=secret')).toBe('h:5432/db');
});
