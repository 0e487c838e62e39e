import { existsSync, readdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createTcpProxy,
  createTestDatabase,
  eventually,
  type TestBroker,
} from '@backup-awareness/testing';
import { takeDeliveryLock } from '../spool/delivery-lock.js';
import { encodeRecord } from '../spool/record.js';
import { arrivedReports } from '../../test/helpers/arrived-reports.js';
import { brokerKeys, type EngineHost } from '../../test/helpers/engine-host.js';
import { useEngineHost } from '../../test/helpers/use-engine-host.js';
import { startIngest } from '../../test/helpers/ingest-process.js';
import { exampleRecord, recordName, spoolRecord } from '../../test/helpers/reports.js';

const FQDN = 'engine.example.com';

let broker: TestBroker;
let host: EngineHost;
useEngineHost(FQDN, (it) => ({ broker, host } = it));

const messages = async () =>
  (await arrivedReports(broker)).map(({ event }) => event.data.output_message);

/** Larger than any message that the broker accepts. */
const TOO_LARGE = 'x'.repeat(3 * 1024 * 1024);

describe('flush', () => {
  it('delivers the pending reports in order, and prints how many', async () => {
    for (const number of [3, 1, 2])
      spoolRecord(host, number, exampleRecord({ outputMessage: String(number) }));
    const { code, stdout, stderr } = await host.shim(['flush']);
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: 'delivered 3 reports, 0 pending\n',
      stderr: '',
    });
    expect(await messages()).toEqual(['1', '2', '3']);
    expect(host.spooled()).toEqual([]);
  });

  it('prints nothing with --quiet when all is well', async () => {
    spoolRecord(host, 1, exampleRecord());
    expect(await host.shim(['flush', '--quiet'])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: '',
    });
  });

  it('sends a report again as the same event, with the time of its delivery', async () => {
    const record = exampleRecord({ scopes: ['db', 'files'] });
    const startedAt = Math.floor(Date.now() / 1000);
    for (let time = 0; time < 2; time++) {
      spoolRecord(host, 1, record);
      await host.shim(['flush']);
    }
    const reports = await arrivedReports(broker);
    const [db, files, ...again] = reports.map(({ event }) => event);
    expect(again).toEqual([db, files]);
    expect(db!.id).not.toBe(files!.id);
    expect(db!.id.replace('-', '').slice(0, 12)).toBe(
      Date.UTC(2026, 10, 23, 1, 10, 42, 123).toString(16).padStart(12, '0'),
    );
    expect(db!.time).toBe('2026-11-23T01:10:42.123456789Z');
    for (const { properties } of reports)
      expect(properties.timestamp).toBeGreaterThanOrEqual(startedAt);
  });

  it('sets aside a report that the broker refuses, with the reason, and delivers the rest', async () => {
    spoolRecord(host, 1, exampleRecord({ outputMessage: 'before' }));
    const name = spoolRecord(host, 2, exampleRecord({ logPath: TOO_LARGE }));
    spoolRecord(host, 3, exampleRecord({ outputMessage: 'after' }));
    const { code, stdout, stderr } = await host.shim(['flush']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: 'delivered 2 reports, 0 pending\n' });
    expect(stderr).toMatch(/set aside .*\.report, which can never be delivered: db: .*406/);
    expect([...new Set(await messages())]).toEqual(['before', 'after']);
    expect(readdirSync(host.paths.refused)).toEqual([`${name}.reason`, `${name}.report`]);
    expect(readFileSync(`${host.paths.refused}/${name}.reason`, 'utf8')).toMatch(/larger than/);
    expect(host.spooled()).toEqual([]);
  });

  it('sets aside an invalid record', async () => {
    const whole = encodeRecord(exampleRecord());
    spoolRecord(host, 1, Buffer.alloc(0));
    spoolRecord(host, 2, whole.subarray(0, whole.length - 4));
    spoolRecord(host, 3, Buffer.from(whole.toString().replace('report/1', 'report/9')));
    spoolRecord(host, 4, exampleRecord({ scopes: ['DB'] }));
    spoolRecord(host, 5, exampleRecord({ doneAt: 'yesterday' }));
    spoolRecord(host, 6, exampleRecord({ fqdn: 'no host name' }));
    spoolRecord(host, 7, exampleRecord({ scopes: [] }));
    spoolRecord(host, 8, exampleRecord({ outputMessage: 'fine' }));
    expect((await host.shim(['flush'])).stdout).toBe('delivered 1 report, 0 pending\n');
    expect(await messages()).toEqual(['fine']);
    const reasons = readdirSync(host.paths.refused).filter((file) => file.endsWith('.reason'));
    expect(reasons).toEqual([1, 2, 3, 4, 5, 6, 7].map((number) => `${recordName(number)}.reason`));
  });

  it('sets aside a report without an engine when none is known, and does not use the name of this host', async () => {
    host.configure(brokerKeys(broker.amqpUrl));
    spoolRecord(host, 1, exampleRecord());
    spoolRecord(host, 2, exampleRecord({ fqdn: FQDN }));
    const { code, stderr } = await host.shim(['flush']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining('the engine is unknown: neither FQDN nor ENGINE_FQDN is set'),
    });
    expect((await arrivedReports(broker)).map(({ event }) => event.data.fqdn)).toEqual([FQDN]);
  });

  it('follows no symbolic link', async () => {
    const secret = host.write(`${host.root}/secret`, encodeRecord(exampleRecord()));
    const name = spoolRecord(host, 1, exampleRecord());
    symlinkSync(secret, `${host.paths.spool}/${recordName(2)}.report`);
    const { stderr } = await host.shim(['flush']);
    expect(stderr).toContain('it is a symbolic link');
    expect(await arrivedReports(broker)).toHaveLength(1);
    expect(existsSync(secret)).toBe(true);
    expect(name).toBe(recordName(1));
  });

  it('refuses a spool that is a symbolic link', async () => {
    host.write(`${host.root}/elsewhere/file`, '');
    host.write(`${host.paths.state}/file`, '');
    symlinkSync(`${host.root}/elsewhere`, host.paths.spool);
    const { code, stderr } = await host.shim(['flush']);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('is not a folder'),
    });
  });

  it('delivers the complete record of a killed writer, and removes an incomplete one', async () => {
    const whole = encodeRecord(exampleRecord({ outputMessage: 'whole' }));
    const old = new Date(Date.now() - 3_600_000);
    const unfinished = (number: number, bytes: Buffer) =>
      host.write(`${host.paths.spool}/.${recordName(number)}.new`, bytes);
    utimesSync(unfinished(1, whole), old, old);
    utimesSync(unfinished(2, whole.subarray(0, 40)), old, old);
    unfinished(3, whole.subarray(0, 40));
    const { stderr } = await host.shim(['flush']);
    expect(stderr).toContain('removed 1 incomplete report of a killed program');
    expect(await messages()).toEqual(['whole']);
    expect(host.spooled()).toEqual([`.${recordName(3)}.new`]);
  });

  it('keeps everything when the exchange does not exist', async () => {
    spoolRecord(host, 1, exampleRecord());
    const keys = brokerKeys(broker.amqpUrl);
    const bare = `${broker.vhost}-bare`;
    const user = encodeURIComponent(keys.BROKER_USER!);
    await broker.api('PUT', `vhosts/${bare}`);
    try {
      const all = { configure: '.*', write: '.*', read: '.*' };
      await broker.api('PUT', `permissions/${bare}/${user}`, all);
      host.configure({ ...keys, FQDN, BROKER_URL: keys.BROKER_URL!.replace(/[^/]*$/, bare) });
      const { code, stderr } = await host.shim(['flush']);
      expect(code).toBe(3);
      expect(stderr).toMatch(
        /1 report pending in the spool: the exchange does not exist at the broker/,
      );
      expect(host.spooled()).toHaveLength(1);
    } finally {
      await broker.api('DELETE', `vhosts/${bare}`);
    }
  });

  it('keeps the rest when the broker hangs half-way', async () => {
    const proxy = await createTcpProxy(broker.amqpUrl);
    try {
      const outputMessage = 'x'.repeat(60_000);
      for (let number = 0; number < 600; number++)
        spoolRecord(host, number, exampleRecord({ outputMessage }));
      const keys = brokerKeys(proxy.urlThrough(broker.amqpUrl));
      host.configure({ ...keys, FQDN, DELIVERY_TIMEOUT_S: 2 });
      const flushed = host.shim(['flush']);
      await eventually(() => expect(host.spooled().length).toBeLessThan(600));
      proxy.hang();
      const { code, stderr } = await flushed;
      expect({ code, stderr }).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/reports pending in the spool: no confirm within 2 s/),
      });
      proxy.mend();
      expect((await host.shim(['flush'])).code).toBe(0);
      const ids = (await arrivedReports(broker)).map(({ event }) => event.id);
      expect(new Set(ids).size).toBe(600);
    } finally {
      await proxy.close();
    }
  });

  it('does nothing while another process delivers', async () => {
    spoolRecord(host, 1, exampleRecord());
    const unlock = await takeDeliveryLock(host.paths.state);
    expect(await host.shim(['flush'])).toMatchObject({
      code: 0,
      stdout: 'another delivery is in progress\n',
    });
    expect(host.spooled()).toHaveLength(1);
    unlock!();
    expect((await host.shim(['flush'])).stdout).toBe('delivered 1 report, 0 pending\n');
  });
});

describe('a full spool', () => {
  it('drops only reports of started backups, the oldest first', async () => {
    host.configure({ FQDN, BROKER_URL: 'amqp://127.0.0.1:1', SPOOL_MAX_BYTES: 1_048_576 });
    const outputMessage = 'x'.repeat(300_000);
    const statuses = [1, 0, -1, 0, 0] as const;
    for (const [number, status] of statuses.entries())
      spoolRecord(host, number, exampleRecord({ status, outputMessage }));
    const { code, stderr } = await host.shim(['flush']);
    expect(code).toBe(3);
    expect(stderr).toContain('the spool is over its limit: dropped 2 reports of started backups');
    expect(host.spooled()).toEqual([0, 2, 4].map((number) => `${recordName(number)}.report`));
  });

  it('keeps reports of how backups ended, and prints by how much it is over its limit', async () => {
    host.configure({ FQDN, BROKER_URL: 'amqp://127.0.0.1:1', SPOOL_MAX_BYTES: 1_048_576 });
    const outputMessage = 'x'.repeat(300_000);
    for (let number = 0; number < 5; number++)
      spoolRecord(host, number, exampleRecord({ outputMessage }));
    const { stderr } = await host.shim(['flush']);
    expect(stderr).toMatch(
      /the spool is \d+ bytes over its limit; reports of how backups ended are kept/,
    );
    expect(host.spooled()).toHaveLength(5);
  });
});

describe('10,000 reports, flushed by a program that is killed ten times', () => {
  it('become 10,000 rows', async () => {
    const database = await createTestDatabase();
    const stopIngest = await startIngest(broker, database);
    try {
      const count = 10_000;
      for (let number = 0; number < count; number++) spoolRecord(host, number, exampleRecord());
      for (let kill = 1; kill <= 10; kill++) {
        const goal = count - kill * 500;
        await host.shim(['flush'], {
          started: (child) =>
            void eventually(() => expect(host.spooled().length).toBeLessThan(goal), 60_000).then(
              () => child.kill('SIGKILL'),
            ),
        });
        expect(host.spooled().length).toBeGreaterThan(0);
      }
      expect(await host.shim(['flush'])).toMatchObject({ code: 0, stderr: '' });
      const rows = async (): Promise<unknown> =>
        database.owner.query('SELECT count(*)::int FROM engine_backup_log');
      await eventually(async () => expect(await rows()).toEqual([{ count }]), 60_000);
      await sleep(500);
      expect(await rows()).toEqual([{ count }]);
      expect(await broker.depth('backup-awareness.ingest.dead')).toBe(0);
    } finally {
      await stopIngest();
      await database.drop();
    }
  }, 180_000);
});
