import { rmSync } from 'node:fs';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { brokerKeys, createEngineHost, type EngineHost } from '../../test/helpers/engine-host.js';
import { exampleRecord, spoolRecord } from '../../test/helpers/reports.js';

const FQDN = 'engine.example.com';

let broker: TestBroker;
let host: EngineHost;
beforeAll(async () => {
  broker = await createTestBroker();
});
afterAll(() => broker?.drop());
beforeEach(() => {
  host = createEngineHost();
  host.configure({ ...brokerKeys(broker.amqpUrl), FQDN });
});
afterEach(() => host.remove());

describe('flush warns of reports that did not get through', () => {
  const DEAD = 'backup-awareness.ingest.dead';
  const flush = (...args: string[]) => host.shim(['flush', ...args]);

  it('with the numbers of dead letters and unrouted messages at the broker', async () => {
    // The permissions of a host's user: to publish, and nothing else.
    const user = `host-${broker.vhost}`;
    await broker.api('PUT', `users/${user}`, { password: 'x', tags: '' });
    try {
      await broker.api('PUT', `permissions/${broker.vhost}/${user}`, {
        configure: '^$',
        write: '^ovirt\\.engine-backup$',
        read: '^$',
      });
      host.configure({
        ...brokerKeys(broker.amqpUrl),
        BROKER_USER: user,
        BROKER_PASSWORD: 'x',
        FQDN,
      });
      spoolRecord(host, 1, exampleRecord());
      expect(await flush()).toMatchObject({ code: 0, stderr: '' });
      await broker.publish('', DEAD, {});
      await broker.publish('', DEAD, {});
      await broker.publish('', 'ovirt.unrouted', {});
      const { code, stdout, stderr } = await flush();
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'delivered 0 reports, 0 pending\n' });
      expect(stderr).toContain(`2 dead letters in the queue ${DEAD}`);
      expect(stderr).toContain('reports of any host that were not accepted');
      expect(stderr).toContain('x-error-reason');
      expect(stderr).toContain('1 unrouted message in the queue ovirt.unrouted');
      expect(stderr).toContain('backup-awareness topology verify');
      expect(await flush('--quiet')).toMatchObject({ code: 0, stdout: '', stderr: '' });
    } finally {
      await broker.drain(DEAD);
      await broker.drain('ovirt.unrouted');
      await broker.api('DELETE', `users/${user}`);
    }
  });

  it('but cannot count them when the broker is unreachable', async () => {
    host.configure({ FQDN, BROKER_URL: 'amqp://127.0.0.1:1' });
    const { code, stdout, stderr } = await flush();
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^delivered 0 reports, 0 pending\ncannot count dead letters: .*no broker listens/,
    );
  });

  it('set aside earlier, until they are removed', async () => {
    spoolRecord(host, 1, Buffer.from('no record'));
    const first = await flush();
    expect(first.code).toBe(1);
    expect(first.stderr).not.toContain('set aside earlier');
    const { code, stderr } = await flush();
    expect(code).toBe(0);
    expect(stderr).toContain(
      `1 report set aside earlier in ${host.paths.refused}, which can never be delivered`,
    );
    expect(await flush('--quiet')).toMatchObject({ code: 0, stderr: '' });
    rmSync(host.paths.refused, { recursive: true });
    expect(await flush()).toMatchObject({ code: 0, stderr: '' });
  });
});
