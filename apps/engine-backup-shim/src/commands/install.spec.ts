import { lstatSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { whatDelivers } from '../install/systemd.js';
import { brokerKeys, PROGRAM, type EngineHost } from '../../test/helpers/engine-host.js';
import { contents, ENGINE_HOST, prepareEngineHost } from '../../test/helpers/prepared-host.js';

let broker: TestBroker;
let host: EngineHost;
beforeAll(async () => {
  broker = await createTestBroker();
});
afterAll(() => broker?.drop());
beforeEach(() => {
  host = prepareEngineHost();
});
afterEach(() => host.remove());

const modeOf = (path: string) => (lstatSync(path).mode & 0o777).toString(8);
const configuration = () => readFileSync(host.paths.configuration, 'utf8');
const install = (...args: string[]) =>
  host.shim(['install', ...args], { environment: brokerKeys(broker.amqpUrl) });
const systemd = () => join(host.root, 'usr/lib/systemd/systemd');
const untested = (...args: string[]) => install('--no-connection-test', ...args);

describe('install', () => {
  it('installs all files, with access for root only', async () => {
    expect(await untested('--fqdn', 'engine.example.com')).toMatchObject({ code: 0, stderr: '' });
    const { BROKER_URL, BROKER_USER, BROKER_PASSWORD } = brokerKeys(broker.amqpUrl);
    expect(configuration()).toContain(`\nBROKER_URL=${BROKER_URL}\nBROKER_USER=${BROKER_USER}\n`);
    expect(configuration()).toContain(`BROKER_PASSWORD=${BROKER_PASSWORD}\n`);
    expect(configuration()).toContain('\nFQDN=engine.example.com\n');
    expect(modeOf(host.paths.configuration)).toBe('600');
    expect(modeOf(host.paths.dropIn)).toBe('600');
    expect(modeOf(host.paths.spool)).toBe('700');
    expect(modeOf(host.paths.state)).toBe('700');
    expect(modeOf(host.paths.program)).toBe('755');
    expect(readFileSync(host.paths.program)).toEqual(readFileSync(PROGRAM));
    expect(readFileSync(join(host.root, 'etc/cron.d/engine-backup-shim'), 'utf8')).toMatch(
      /^\* \* \* \* \* root \/usr\/bin\/engine-backup-shim flush --quiet/m,
    );
  });

  it('installs a timer if there is systemd, and a cron line too if systemd may never run', async () => {
    host.write(systemd(), '');
    expect(await untested()).toMatchObject({ code: 0, stderr: '' });
    const units = join(host.root, 'etc/systemd/system');
    expect(readdirSync(units)).toEqual([
      'engine-backup-shim.service',
      'engine-backup-shim.timer',
      'timers.target.wants',
    ]);
    expect(
      lstatSync(join(units, 'timers.target.wants/engine-backup-shim.timer')).isSymbolicLink(),
    ).toBe(true);
    expect(host.files(join(host.root, 'etc/cron.d'))).toEqual(['engine-backup-shim']);
  });

  it.each([
    ['running', false, { timer: true, cronLine: false }],
    ['running', true, { timer: true, cronLine: true }],
    ['installed', false, { timer: true, cronLine: true }],
    ['none', false, { timer: false, cronLine: true }],
  ] as const)(
    'given systemd is %s (and a cron line exists: %s), chooses what delivers',
    (systemd, hasCronLine, expected) => {
      expect(whatDelivers(systemd, hasCronLine)).toEqual(expected);
    },
  );

  it.each([
    ['timer', () => host.write(systemd(), ''), 'systemd/system/engine-backup-shim.service'],
    ['cron line', () => undefined, 'cron.d/engine-backup-shim'],
  ])('the %s runs the configured Node', async (_, prepare, file) => {
    prepare();
    await untested('--node', '/opt/node-18/bin/node');
    const flush = '/opt/node-18/bin/node /usr/bin/engine-backup-shim flush --quiet';
    expect(readFileSync(join(host.root, 'etc', file), 'utf8')).toContain(flush);
    await untested('--node', '');
    expect(readFileSync(join(host.root, 'etc', file), 'utf8')).not.toContain('node-18');
  });

  it('changes nothing when it is run again', async () => {
    await untested();
    const before = contents(host);
    const { code, stdout } = await untested();
    expect(code).toBe(0);
    expect(stdout).not.toContain('installed');
    expect(contents(host)).toEqual(before);
  });

  it('changes only what the options say, and keeps other lines and comments', async () => {
    await untested();
    writeFileSync(host.paths.configuration, `${configuration()}# mine\nDELIVERY_TIMEOUT_S=5\n`);
    await untested('--excludable-tables', 'own_table', '--delivery-timeout-s', '7');
    expect(configuration()).toContain('\nEXCLUDABLE_TABLES=own_table\n');
    expect(configuration()).toMatch(/\n# mine\nDELIVERY_TIMEOUT_S=7\n$/);
  });

  it.each([
    ['a broker URL with a password', ['--broker-url', 'amqp://u:secret@h']],
    ['a broker URL of another kind', ['--broker-url', 'http://h']],
    ['a line break in a value', ['--broker-user', 'u\nNODE=/tmp/evil']],
    ['a relative path', ['--broker-ca-file', 'ca.pem']],
    ['a number that is not one', ['--delivery-timeout-s', 'soon']],
    ['a pattern for a table', ['--excludable-tables', 'vm_*']],
    ['an invalid host name', ['--fqdn', 'a b']],
    ['a Node that is more than a path', ['--node', '/opt/n%d/node $(id)']],
    ['a password on the command line', ['--broker-password', 'secret']],
  ])('refuses %s, and writes nothing', async (_, args) => {
    const { code, stderr } = await install(...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^engine-backup-shim: .*\n$/);
    expect(stderr).not.toContain('secret@');
    expect(Object.keys(contents(host))).toEqual(ENGINE_HOST);
  });

  it('requires --fqdn on a host without an engine, such as a separate Data Warehouse host', async () => {
    rmSync(join(host.root, 'etc'), { recursive: true });
    for (const defaults of ['', 'ENGINE_FQDN=localhost.localdomain\n']) {
      const conf = 'usr/share/ovirt-engine/services/ovirt-engine/ovirt-engine.conf';
      host.write(join(host.root, conf), defaults);
      expect(await untested()).toEqual({
        code: 2,
        signal: null,
        stdout: '',
        stderr:
          "engine-backup-shim: no engine is set up on this host: oVirt's ENGINE_FQDN is not set; use --fqdn to name the engine that this host belongs to\n",
      });
    }
    expect(host.files(join(host.root, 'etc'))).toEqual([]);
    expect(await untested('--fqdn', 'engine.example.com')).toMatchObject({ code: 0, stderr: '' });
  });

  it('reserves disk space for reports', async () => {
    await untested();
    const { state } = host.paths;
    const reserve = host.files(state).filter((name) => name.startsWith('reserve.'));
    expect(reserve).toEqual([1, 2, 3, 4].map((number) => `reserve.${number}`));
    const blocks = reserve.map((name) => lstatSync(join(state, name)).blocks * 512);
    expect(Math.min(...blocks)).toBeGreaterThanOrEqual(256 * 1024);
  });

  it('refuses an invalid configuration', async () => {
    host.write(
      host.paths.configuration,
      'BROKER_URL=amqp://h\nBROKER_USER=u\nKEEP_ENGINE_NOTICE=1\n',
    );
    const { code, stderr } = await install();
    expect({ code, stderr }).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('KEEP_ENGINE_NOTICE: expected yes or no, got "1"'),
    });
  });

  it('requires a broker', async () => {
    const { code, stderr } = await host.shim(['install']);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'engine-backup-shim: --broker-url or BROKER_URL is missing\n',
    });
  });

  it.each([
    [
      'an unanswered request, which affects no report',
      {},
      0,
      /accepts reports of this host; but .*ingest/,
    ],
    [
      'a wrong password',
      { BROKER_PASSWORD: 'wrong' },
      3,
      /refused user .*: wrong name or password/,
    ],
    [
      'a broker that does not listen',
      { BROKER_URL: 'amqp://127.0.0.1:1' },
      3,
      /no broker listens there/,
    ],
    ['a name that cannot be resolved', { BROKER_URL: 'amqp://b.invalid' }, 3, /cannot resolve/],
    ['a missing certificate', { BROKER_CA_FILE: '/no/ca.pem' }, 1, /cannot read a certificate/],
  ])('warns at the end of %s', async (_, environment, code, line) => {
    const all = { ...brokerKeys(broker.amqpUrl), ...environment };
    const ended = await host.shim(['install'], { environment: all });
    expect(ended).toMatchObject({ code, stderr: expect.stringMatching(line) });
    expect(lstatSync(host.paths.dropIn).isFile()).toBe(true);
  });

  it('warns at the end that the user may not publish', async () => {
    const environment = brokerKeys(broker.urlOf('audit'));
    const { code, stderr } = await host.shim(['install'], { environment });
    expect({ code, stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('no permission to publish'),
    });
  });

  it('reads the password from standard input', async () => {
    const args = ['install', '--no-connection-test', '--broker-password-file', '-'];
    const environment = { BROKER_URL: 'amqp://h', BROKER_USER: 'u' };
    expect(await host.shim(args, { environment, input: 'pass=word # \n' })).toMatchObject({
      code: 0,
    });
    expect(configuration()).toContain('\nBROKER_PASSWORD=pass=word # \n');
  });
});
