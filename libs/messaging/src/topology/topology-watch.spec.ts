import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { openBrokerConnection, type BrokerConnection } from '../connection/broker-connection.js';
import { TopologyWatch } from './topology-watch.js';

const NEEDS = {
  exchanges: ['ovirt.backup-alerts', 'ovirt.unrouted'],
  queues: ['backup-awareness.audit', 'backup-awareness.audit.dead'],
};

describe('the topology watch', () => {
  let broker: TestBroker;
  let connection: BrokerConnection;
  let watch: TopologyWatch;

  beforeAll(async () => {
    broker = await createTestBroker();
    connection = await openBrokerConnection(broker.urlOf('audit'), 'spec');
    watch = new TopologyWatch(connection, NEEDS, {
      managementUrl: broker.monitorUrl,
      readTls: undefined,
      vhost: broker.vhost,
      everyMs: 300,
    });
    watch.start();
  });

  afterAll(async () => {
    watch.stop();
    await connection.close();
    await broker.drop();
  });

  const isWell = () => eventually(() => expect(watch.unreadyReason()).toBeUndefined());

  it('names a missing binding for alerts until it is back', async () => {
    await isWell();
    const at = encodeURIComponent(broker.vhost);
    const path = `bindings/${at}/e/ovirt.backup-alerts/q/backup-awareness.audit/BackupAlertRaised.%23`;
    await broker.api('DELETE', path);
    await eventually(() =>
      expect(watch.unreadyReason()).toMatch(
        /^binding BackupAlertRaised\.# of ovirt\.backup-alerts to backup-awareness\.audit: expected to exist, got none \(backup-awareness topology apply\)$/,
      ),
    );
    await broker.applyAll();
    await isWell();
  });

  it('ignores what does not concern the service', async () => {
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `policies/${at}/backup-awareness-ingest`);
    await broker.api('DELETE', `policies/${at}/backup-awareness-audit`);
    await eventually(() =>
      expect(watch.unreadyReason()).toMatch(/backup-awareness\.audit: policy/),
    );
    expect(watch.unreadyReason()).not.toMatch(/backup-awareness\.ingest/);
    await broker.applyAll();
    await isWell();
  });
});
