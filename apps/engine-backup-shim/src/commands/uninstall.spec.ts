import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { takeDeliveryLock } from '../spool/delivery-lock.js';
import { arrivedReports } from '../../test/helpers/arrived-reports.js';
import { brokerKeys, type EngineHost } from '../../test/helpers/engine-host.js';
import { contents, ENGINE_HOST, prepareEngineHost } from '../../test/helpers/prepared-host.js';
import { exampleRecord, recordName, spoolRecord } from '../../test/helpers/reports.js';

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

const configuration = ({ paths }: EngineHost) => readFileSync(paths.configuration, 'utf8');
const systemd = () => join(host.root, 'usr/lib/systemd/systemd');
const untested = (...args: string[]) =>
  host.shim(['install', '--no-connection-test', ...args], {
    environment: brokerKeys(broker.amqpUrl),
  });

describe('uninstall', () => {
  it('removes everything that install has created', async () => {
    host.write(systemd(), '');
    host.write(join(host.root, 'etc/other'), 'of somebody else');
    const before = contents(host);
    await untested();
    await untested('--fqdn', 'engine.example.com');
    expect(await host.shim(['uninstall'])).toMatchObject({ code: 0, stdout: 'uninstalled\n' });
    expect(contents(host)).toEqual(before);
  });

  it('restores what was there before', async () => {
    host.write(host.paths.configuration, '# by hand\nFQDN=old.example.com\n');
    host.write(host.paths.dropIn, ': # by hand\n');
    chmodSync(host.paths.dropIn, 0o640);
    const before = contents(host);
    await untested();
    expect(configuration(host)).toContain('# by hand\nFQDN=old.example.com\nBROKER_URL=');
    await host.shim(['uninstall']);
    expect(contents(host)).toEqual(before);
  });

  it('leaves files that were changed since, and says so', async () => {
    await untested();
    writeFileSync(host.paths.configuration, `${configuration(host)}# changed\n`);
    const { code, stderr } = await host.shim(['uninstall']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: `engine-backup-shim: left ${host.paths.configuration}: it was changed after it was installed\n`,
    });
    expect(configuration(host)).toContain('# changed');
    expect(host.files(join(host.root, 'usr/bin'))).toEqual(['engine-backup']);
  });

  it('first delivers the pending reports', async () => {
    await untested();
    for (const number of [1, 2]) spoolRecord(host, number, exampleRecord());
    const ended = await host.shim(['uninstall']);
    expect(ended).toEqual({
      code: 0,
      signal: null,
      stdout: 'delivered 2 reports, 0 pending\nuninstalled\n',
      stderr: '',
    });
    expect(await arrivedReports(broker)).toHaveLength(2);
    expect(Object.keys(contents(host))).toEqual(ENGINE_HOST);
  });

  it('keeps configuration and spool while reports are pending, and says how to finish', async () => {
    host.write(systemd(), '');
    const before = contents(host);
    await untested('--broker-url', 'amqp://127.0.0.1:1');
    spoolRecord(host, 1, exampleRecord());
    const { code, stderr } = await host.shim(['uninstall']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr:
        'engine-backup-shim: 1 report pending in the spool: amqp://127.0.0.1:1 refused the connection: no broker listens there\n' +
        `engine-backup-shim: kept ${host.paths.configuration} and ${host.paths.spool}: 1 report is not delivered; to finish, run engine-backup-shim uninstall again when the broker accepts reports\n`,
    });
    expect(host.spooled()).toHaveLength(1);
    expect(existsSync(host.paths.dropIn)).toBe(false);
    const units = join(host.root, 'etc/systemd/system');
    expect(host.files(units)).toEqual(['timers.target.wants']);
    expect(host.files(join(units, 'timers.target.wants'))).toEqual([]);
    expect(host.files(join(host.root, 'etc/cron.d'))).toEqual([]);

    const { BROKER_URL } = brokerKeys(broker.amqpUrl);
    const text = configuration(host).replace('amqp://127.0.0.1:1', BROKER_URL!);
    host.write(host.paths.configuration, text);
    expect(await host.shim(['flush'])).toMatchObject({ code: 0, stderr: '' });
    await untested();
    expect(await host.shim(['uninstall'])).toMatchObject({ code: 0, stderr: '' });
    expect(contents(host)).toEqual(before);
  });

  it('keeps refused reports, and says where they are', async () => {
    await untested();
    spoolRecord(host, 1, exampleRecord({ scopes: ['DB'] }));
    const { code, stderr } = await host.shim(['uninstall']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(
        `1 report is not delivered; to finish, read the refused reports in ${host.paths.refused}, remove that folder, and run engine-backup-shim uninstall again\n`,
      ),
    });
    expect(await host.shim(['uninstall'])).toMatchObject({ code: 1 });
    expect(host.files(host.paths.refused)).toHaveLength(2);
    expect(existsSync(host.paths.configuration)).toBe(true);
    rmSync(host.paths.refused, { recursive: true });
    expect(await host.shim(['uninstall'])).toMatchObject({ code: 0, stderr: '' });
    expect(Object.keys(contents(host))).toEqual(ENGINE_HOST);
  });

  it.each([
    ['another delivery is in progress', () => takeDeliveryLock(host.paths.state), exampleRecord],
    [
      'its configuration is invalid',
      () => host.write(host.paths.configuration, 'no configuration\n'),
      exampleRecord,
    ],
    [
      'a report is being written',
      () => host.write(join(host.paths.spool, `.${recordName(2)}.new`), ''),
      undefined,
    ],
  ])('keeps configuration and spool while %s', async (_, prepare, record) => {
    await untested('--delivery-timeout-s', '1');
    if (record) spoolRecord(host, 1, record());
    const undo = await prepare();
    const before = host.spooled();
    expect(await host.shim(['uninstall'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('1 report is not delivered'),
    });
    expect(host.spooled()).toEqual(before);
    expect(existsSync(host.paths.configuration)).toBe(true);
    if (typeof undo === 'function') undo();
  });

  it('removes nothing if the manifest is truncated, and says so', async () => {
    await untested();
    writeFileSync(host.paths.manifest, readFileSync(host.paths.manifest).subarray(0, 20));
    const before = contents(host);
    const { code, stderr } = await host.shim(['uninstall']);
    expect(code).toBe(1);
    expect(stderr).toContain(`${host.paths.manifest} is not valid JSON`);
    expect(contents(host)).toEqual(before);
  });

  it('does nothing if nothing is installed', async () => {
    expect(await host.shim(['uninstall'])).toMatchObject({
      code: 0,
      stdout: 'nothing is installed here\n',
    });
    expect(Object.keys(contents(host))).toEqual(ENGINE_HOST);
  });
});
