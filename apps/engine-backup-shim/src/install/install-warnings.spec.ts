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

describe('install says', () => {
  const install = (...args: string[]) =>
    host.shim(['install', '--no-connection-test', ...args], {
      environment: { BROKER_URL: 'amqp://127.0.0.1:1', BROKER_USER: 'user' },
    });

  it('that FQDN and ENGINE_FQDN name two engines, and which one is reported about', async () => {
    const { code, stderr } = await install('--fqdn', 'other.example.com');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr:
        'engine-backup-shim: FQDN is other.example.com, but oVirt\'s ENGINE_FQDN is engine.example.com: reports are about other.example.com; for the other one, run install again with --fqdn ""\n',
    });
    expect(await install()).toMatchObject({ code: 0, stderr });
    expect(await install('--fqdn', '')).toMatchObject({ code: 0, stderr: '' });
  });

  it.each(['engine.example.com', 'ENGINE.example.com.'])(
    'nothing where both name the same, as %s does',
    async (fqdn) => {
      expect(await install('--fqdn', fqdn)).toMatchObject({ code: 0, stderr: '' });
    },
  );

  it('that ENGINE_FQDN cannot be read, where it would have to be compared', async () => {
    host.write(join(host.root, 'etc/ovirt-engine/engine.conf'), 'ENGINE_FQDN=$(hostname)\n');
    const { code, stderr } = await install('--fqdn', 'engine.example.com');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(
        /^engine-backup-shim: oVirt's ENGINE_FQDN cannot be read: .*: reports are about engine\.example\.com\n$/,
      ),
    });
  });

  it('that there is no engine-backup on this host', async () => {
    rmSync(join(host.root, 'usr/bin/engine-backup'));
    expect(await install()).toMatchObject({
      code: 0,
      stderr:
        'engine-backup-shim: there is no engine-backup on this host (usr/bin/engine-backup): only log-event and run report, until it is installed\n'.replace(
          'usr/bin',
          join(host.root, 'usr/bin'),
        ),
    });
  });
});

describe('install asks about whom the broker user may report', () => {
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

  it('and is content where it may report about this one', async () => {
    await bind('engine.example.com', 'other.example.com');
    expect(await install()).toMatchObject({ code: 0, stderr: '' });
  });

  it('and is content where no engine has that user', async () => {
    expect(await install()).toMatchObject({ code: 0, stderr: '' });
  });

  it('and warns where it may report about others only', async () => {
    await bind('a.example.com', 'b.example.com', 'c.example.com', 'd.example.com');
    const { code, stdout, stderr } = await install();
    const user = keys().BROKER_USER!;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `engine-backup-shim: broker user ${user} may report about a.example.com, b.example.com, c.example.com and 1 more only: reports about engine.example.com become dead letters; where the product is installed, run backup-awareness engines add engine.example.com --broker-user ${user}\n`,
    });
    expect(stdout).toContain('and its settings are answered');
  });
});

describe('reportableEngines', () => {
  it.each([
    ['an older answer', { BackupExcludedTables: ['job'], BackupExcludeMode: 'data' }, undefined],
    ['no list', { engines: 'engine.example.com' }, undefined],
    ['an empty list', { engines: [] }, undefined],
    ['nothing', null, undefined],
    ['names', { engines: ['A.example.com', 'b.example.com'] }, ['a.example.com', 'b.example.com']],
    ['what is no name', { engines: ['\u001b[2J', 1, null, 'a.example.com'] }, ['a.example.com']],
  ])('reads %s', (_, answer, expected) => {
    expect(reportableEngines(JSON.stringify(answer))).toEqual(expected);
  });

  it('reads what is no JSON', () => {
    expect(reportableEngines('no JSON')).toBeUndefined();
  });
});
