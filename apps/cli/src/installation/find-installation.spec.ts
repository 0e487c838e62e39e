import { placeOf } from '@backup-awareness/contracts/plain';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { reasonOf, Unreachable } from '../output/failure.js';
import { asOtherUser } from '../spec/as-other-user.js';
import {
  brokerToRead,
  databaseToRead,
  findInstallation,
  managementToRead,
  readEndpoints,
  requireBroker,
  requireDatabase,
} from './find-installation.js';

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

test('the services of an installation in variables are those of SERVICE_URLS', () => {
  const environment = { DATABASE_URL: databaseUrl, RUN_DIR: folder };
  const services = { ingest: 'http://ingest:8080', audit: 'http://audit:8080' };
  const SERVICE_URLS = 'ingest=http://ingest:8080, audit=http://audit:8080';
  expect(findInstallation({ ...environment, SERVICE_URLS }).services).toEqual(services);
  expect(() => findInstallation({ ...environment, SERVICE_URLS: 'http://u:secret@h' })).toThrow(
    /^SERVICE_URLS: expected services .*, got 17 characters \(not shown\)$/,
  );
});

test('the installation is found by endpoints.json in RUN_DIR', () => {
  writeEndpoints();
  expect(findInstallation({ RUN_DIR: folder })).toEqual({
    databaseUrl,
    amqpUrl: endpoints.amqpUrl,
    services: { ingest: 'http://127.0.0.1:8081' },
    runDirectory: folder,
  });
});

test('reading uses the identities of a reader, if there are any', () => {
  writeEndpoints();
  const owners = findInstallation({ RUN_DIR: folder });
  expect([databaseToRead(owners), brokerToRead(owners)]).toEqual([databaseUrl, endpoints.amqpUrl]);
  const readerDatabaseUrl = 'postgres://reader:pw@127.0.0.1:5432/backup';
  writeEndpoints({ ...endpoints, readerDatabaseUrl, monitorAmqpUrl: 'amqp://monitor:pw@h' });
  const readers = findInstallation({ RUN_DIR: folder });
  expect([databaseToRead(readers), brokerToRead(readers)]).toEqual([
    readerDatabaseUrl,
    'amqp://monitor:pw@h/%2F',
  ]);
  expect(requireDatabase(readers)).toBe(databaseUrl);
});

test('the management API is read as monitor, if there is one', () => {
  const amqpManagementUrl = 'http://admin:pw@127.0.0.1:15672';
  writeEndpoints({ ...endpoints, amqpManagementUrl });
  expect(managementToRead(findInstallation({ RUN_DIR: folder }))).toBe(amqpManagementUrl);
  const monitorAmqpUrl = 'amqp://vhost.monitor:s%2Fecret@h/vhost';
  writeEndpoints({ ...endpoints, amqpManagementUrl, monitorAmqpUrl });
  expect(managementToRead(findInstallation({ RUN_DIR: folder }))).toBe(
    'http://vhost.monitor:s%2Fecret@127.0.0.1:15672/',
  );
  writeEndpoints({ ...endpoints, monitorAmqpUrl });
  expect(managementToRead(findInstallation({ RUN_DIR: folder }))).toBeUndefined();
});

test('without endpoints.json nothing is running', () => {
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

test('the services are known if the environment names the same database', () => {
  writeEndpoints();
  const found = findInstallation({ RUN_DIR: folder, DATABASE_URL: databaseUrl });
  expect(found.services).toEqual({ ingest: 'http://127.0.0.1:8081' });
});

test('a URL may come from a file, and gets a virtual host', () => {
  writeFileSync(join(folder, 'url'), 'amqp://u:pw@host\n');
  expect(findInstallation({ RUN_DIR: folder, AMQP_URL_FILE: join(folder, 'url') }).amqpUrl).toBe(
    'amqp://u:pw@host/%2F',
  );
});

test.each([
  [
    'an invalid URL is refused without being shown',
    { DATABASE_URL: 'mysql://u:secret@h' },
    'got 18',
  ],
  [
    'a variable and its file together are refused',
    { AMQP_URL: 'amqp://h', AMQP_URL_FILE: 'x' },
    'got both',
  ],
  ['a missing file is reported', { AMQP_URL_FILE: '/no/such' }, 'AMQP_URL_FILE: expected'],
])('%s', (_what, environment, message) => {
  expect(() => findInstallation(environment)).toThrow(message);
  expect(() => findInstallation(environment)).not.toThrow('secret');
});

test.each([[{}], [{ ...endpoints, databaseUrl: 7 }], [null], [{ ...endpoints, services: 3 }]])(
  'an endpoints.json with %j is refused, or has no services',
  (content) => {
    writeEndpoints(content);
    const find = () => findInstallation({ RUN_DIR: folder }).services;
    if (content && 'services' in content && content.services === 3) expect(find()).toEqual({});
    else expect(find).toThrow('is not as npm start writes it');
  },
);

test('a place is shown without credentials', () => {
  expect(placeOf('postgres://u:secret@h:5432/db?password=secret')).toBe('h:5432/db');
});

describe('as a user without permission', () => {
  beforeEach(() => chmodSync(folder, 0o755));
  afterEach(() => chmodSync(folder, 0o755));

  const refusal = (environment: NodeJS.ProcessEnv): unknown =>
    asOtherUser(() => {
      try {
        return findInstallation(environment);
      } catch (error) {
        return error;
      }
    });

  test.each<[string, () => NodeJS.ProcessEnv, string]>([
    [
      'endpoints.json cannot be read',
      () => {
        writeEndpoints();
        chmodSync(join(folder, 'endpoints.json'), 0o000);
        return { RUN_DIR: folder };
      },
      'may not read FOLDER/endpoints.json',
    ],
    [
      'its folder cannot be read',
      () => {
        mkdirSync(join(folder, 'run'), { mode: 0o000 });
        return { RUN_DIR: join(folder, 'run') };
      },
      'may not look into FOLDER/run',
    ],
    [
      'the folder above cannot be read',
      () => {
        chmodSync(folder, 0o000);
        return { RUN_DIR: join(folder, 'deep', 'run') };
      },
      'may not look into FOLDER/deep/run',
    ],
    [
      'DATABASE_URL_FILE cannot be read',
      () => {
        writeFileSync(join(folder, 'url'), databaseUrl, { mode: 0o000 });
        return { DATABASE_URL_FILE: join(folder, 'url') };
      },
      'DATABASE_URL_FILE: permission denied: user USER may not read FOLDER/url',
    ],
    [
      'the folder of AMQP_URL_FILE cannot be read',
      () => {
        mkdirSync(join(folder, 'secrets'), { mode: 0o000 });
        return { AMQP_URL_FILE: join(folder, 'secrets', 'url') };
      },
      'may not read FOLDER/secrets/url',
    ],
  ])(
    'if %s, the error says so and what to do, and not that nothing is running',
    (_, given, message) => {
      const error = refusal(given());
      const user = process.geteuid?.() === 0 ? 'nobody' : userInfo().username;
      expect(error).toBeInstanceOf(Unreachable);
      const reason = reasonOf(error);
      expect(reason).toContain(message.replace('FOLDER', folder).replace('USER', user));
      expect(reason).toContain(`permission denied: user ${user} may not `);
      expect(reason).toMatch(/; run this as the user that (runs npm start|owns it), or /);
      expect(reason).not.toContain('nothing is running');
    },
  );

  test('a folder without permission does not hide the next one', () => {
    mkdirSync(join(folder, 'closed'), { mode: 0o000 });
    mkdirSync(join(folder, 'open'));
    const endpointsPath = join(folder, 'open', 'endpoints.json');
    writeFileSync(endpointsPath, JSON.stringify(endpoints));
    // Independent of the umask.
    chmodSync(join(folder, 'open'), 0o755);
    chmodSync(endpointsPath, 0o644);
    const folders = ['closed', 'open'].map((name) => join(folder, name));
    expect(asOtherUser(() => readEndpoints(folders)).databaseUrl).toBe(databaseUrl);
  });
});
