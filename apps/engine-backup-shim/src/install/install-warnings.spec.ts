import { rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  createTestBroker,
  createTestDatabase,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { reportableEngines } from './reportable-engines.js';
import { brokerKeys, type EngineHost } from '../../test/helpers/engine-host.js';
import { startIngest } from '../../test/helpers/ingest-process.js';
import { prepareEngineHost } from '../../test/helpers/prepared-host.js';

let host: EngineHost;
beforeEach(() => {
  host = prepareEngineHost();
});
afterEach(() => host.remove());

describe('install warns', () => {
  const install = (...args: string[]) =>
    host.shim(['install', '--no-connection-test', ...args], {
      environment: { BROKER_URL: 'amqp://127.0.0.1:1', BROKER_USER: 'user' },
    });

  it('that FQDN and ENGINE_FQDN differ, and which one is used', async () => {
    const { code, stderr } = await install('--fqdn', 'other.example.com');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'engine-backup-shim: FQDN is other.example.com, but oVirt\'s ENGINE_FQDN is engine.example.com: reports are about other.example.com; to use oVirt\'s, run install again with --fqdn ""\n',
    });
    expect(await install()).toMatchObject({ code: 0, stderr });
    expect(await install('--fqdn', '')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['engine.example.com', 'ENGINE.example.com.'])(
    'of nothing if both name the same engine, such as %s',
    async (fqdn) => {
      expect(await install('--fqdn', fqdn)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('that ENGINE_FQDN cannot be read, and so not be compared', async () => {
    host.write(join(host.root, 'etc/ovirt-engine/engine.conf'), 'ENGINE_FQDN=$(hostname)\n');
    const { code, stderr } = await install('--fqdn', 'engine.example.com');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /^engine-backup-shim: cannot read oVirt's ENGINE_FQDN: .*: reports are about engine\.example\.com\n$/,
      ),
    });
  });

  it('that engine-backup is not installed on this host', async () => {
    rmSync(join(host.root, 'usr/bin/engine-backup'));
    expect(await install()).toMatchObject({
      code: 0,
      stderr:
        'engine-backup-shim: engine-backup is not installed on this host (usr/bin/engine-backup): until it is, only log-event and run report\n'.replace(
          'usr/bin',
          join(host.root, 'usr/bin'),
        ),
    });
  });
});

describe('install asks which engines the broker user may report about', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let stopIngest: () => Promise<void>;
  beforeAll(async () => {
    broker = await createTestBroker();
    database = await createTestDatabase();
    stopIngest = await startIngest(broker, database);
  });
  afterAll(async () => {
    await stopIngest?.();
    await database?.drop();
    await broker?.drop();
  });
  beforeEach(() => database.owner.query('DELETE FROM engine'));

  const keys = () => brokerKeys(broker.amqpUrl);
  const install = () => host.shim(['install'], { environment: keys() });
  const bind = (...fqdns: string[]) =>
    database.owner.query(
      'INSERT INTO engine (fqdn, broker_user) SELECT fqdn, $2 FROM unnest($1::text[]) AS given (fqdn)',
      [fqdns, keys().BROKER_USER],
    );

  it('and does not warn if this engine is one of them', async () => {
    await bind('engine.example.com', 'other.example.com');
    expect(await install()).toMatchObject({ code: 0, stderr: '' });
  });

  it('and does not warn if no engine has that user', async () => {
    expect(await install()).toMatchObject({ code: 0, stderr: '' });
  });

  it('and warns if this engine is not one of them', async () => {
    await bind('a.example.com', 'b.example.com', 'c.example.com', 'd.example.com');
    const { code, stdout, stderr } = await install();
    const user = keys().BROKER_USER!;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `engine-backup-shim: broker user ${user} may report about a.example.com, b.example.com, c.example.com and 1 more only: reports about engine.example.com become dead letters; where the product is installed, run backup-awareness engines add engine.example.com --broker-user ${user}\n`,
    });
    expect(stdout).toContain('and its request for settings was answered');
  });
});

describe('reportableEngines', () => {
  it.each([
    ['an older answer', { BackupExcludedTables: ['job'], BackupExcludeMode: 'data' }, undefined],
    ['no list', { engines: 'engine.example.com' }, undefined],
    ['an empty list', { engines: [] }, undefined],
    ['nothing', null, undefined],
    ['names', { engines: ['A.example.com', 'b.example.com'] }, ['a.example.com', 'b.example.com']],
    [
      'names among invalid ones',
      { engines: ['\u001b[2J', 1, null, 'a.example.com'] },
      ['a.example.com'],
    ],
  ])('reads %s', (_, answer, expected) => {
    expect(reportableEngines(JSON.stringify(answer))).toEqual(expected);
  });

  it('reads none from invalid JSON', () => {
    expect(reportableEngines('no JSON')).toBeUndefined();
  });
});
