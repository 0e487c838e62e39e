import { createTcpProxy, type TestBroker } from '@backup-awareness/testing';
import { arrivedReports } from '../../test/helpers/arrived-reports.js';
import { brokerKeys, type EngineHost } from '../../test/helpers/engine-host.js';
import { useEngineHost } from '../../test/helpers/use-engine-host.js';

const SUCCESS = ['log-event', '--scope', 'db', '--status', '1'];

let broker: TestBroker;
let host: EngineHost;
useEngineHost('Engine.Example.com.', (it) => ({ broker, host } = it));

describe('log-event keeps the report, says why, and exits with 0', () => {
  async function keeps(reason: RegExp): Promise<void> {
    const { code, stdout, stderr } = await host.shim(SUCCESS);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(reason);
    expect(host.spooled()).toEqual([
      expect.stringMatching(/^\d{8}T\d{6}\.\d{9}Z-\d+-\d{4}\.report$/),
    ]);
  }

  it('when nothing is configured', async () => {
    host.configure({});
    await keeps(/no broker is configured: BROKER_URL is not set/);
  });

  it('when no broker listens', async () => {
    host.configure({ BROKER_URL: 'amqp://127.0.0.1:1', BROKER_USER: 'u' });
    await keeps(/127\.0\.0\.1:1 refused the connection: no broker listens there/);
  });

  it('when the name cannot be resolved', async () => {
    host.configure({ BROKER_URL: 'amqp://broker.invalid', BROKER_USER: 'u' });
    await keeps(/cannot resolve the broker's host name in amqp:\/\/broker\.invalid/);
  });

  it('when the password is wrong, without showing it', async () => {
    const keys = brokerKeys(broker.amqpUrl);
    host.configure({ ...keys, BROKER_PASSWORD: 'guess me' });
    await keeps(new RegExp(`refused user ${keys.BROKER_USER}: wrong name or password`));
    expect((await host.shim(['flush'])).stderr).not.toContain('guess me');
  });

  it('when the virtual host does not exist', async () => {
    const keys = brokerKeys(broker.amqpUrl);
    host.configure({ ...keys, BROKER_URL: keys.BROKER_URL!.replace(/[^/]*$/, 'nowhere') });
    await keeps(/virtual host/);
  });

  it('when the user may not publish', async () => {
    host.configure(brokerKeys(broker.urlOf('ingest')));
    await keeps(/the broker user has no permission to publish/);
  });

  it('when the broker does not use TLS', async () => {
    const keys = brokerKeys(broker.amqpUrl);
    host.configure({ ...keys, BROKER_URL: keys.BROKER_URL!.replace('amqp:', 'amqps:') });
    await keeps(/TLS with amqps:.* failed/);
  });

  it('when the broker hangs', async () => {
    const proxy = await createTcpProxy(broker.amqpUrl);
    try {
      proxy.hang();
      const keys = brokerKeys(proxy.urlThrough(broker.amqpUrl));
      host.configure({ ...keys, DELIVERY_TIMEOUT_S: 1 });
      await keeps(/ETIMEDOUT|did not answer in time/);
    } finally {
      await proxy.close();
    }
  });

  it('and delivers it with the next report, the older one first', async () => {
    const FQDN = 'engine.example.com';
    host.configure({ BROKER_URL: 'amqp://127.0.0.1:1', BROKER_USER: 'u', FQDN });
    await host.shim(['log-event', '--scope', 'db', '--status', '0']);
    host.configure({ ...brokerKeys(broker.amqpUrl), FQDN });
    expect(await host.shim(SUCCESS)).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
    const reports = await arrivedReports(broker);
    expect(reports.map(({ event }) => event.data.status)).toEqual([0, 1]);
  });
});
