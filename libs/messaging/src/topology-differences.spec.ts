import { describeDifference } from '@backup-awareness/contracts';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { BREAKAGES, onChannel } from './spec/topology-breakages.js';
import { compareTopology } from './topology-differences.js';

describe('the topology at the broker, compared with how it has to be', () => {
  let broker: TestBroker;
  let at: string;

  beforeAll(async () => {
    broker = await createTestBroker();
    at = encodeURIComponent(broker.vhost);
  });

  afterAll(() => broker.drop());

  const differences = async () =>
    (await compareTopology(broker.managementUrl, broker.vhost)).differences.map(describeDifference);

  it('does not differ when it has just been declared', async () => {
    expect(await compareTopology(broker.managementUrl, broker.vhost)).toEqual({
      differences: [],
      warnings: [],
      areUsersCompared: true,
    });
  });

  it.each(BREAKAGES)('is reported while $what', async ({ damage, reported, repair }) => {
    await damage(broker, at);
    expect(await differences()).toContainEqual(expect.stringMatching(reported));
    await repair(broker, at);
    expect(await differences()).toEqual([]);
  });

  it('ignores a catch-all policy, since ours have a higher priority', async () => {
    const ordinary = { pattern: '.*', 'apply-to': 'all', definition: { 'max-length': 5 } };
    await broker.api('PUT', `policies/${at}/everything`, ordinary);
    expect(await differences()).toEqual([]);
    await broker.api('DELETE', `policies/${at}/everything`);
  });

  it('warns of foreign bindings into our queues, but not of a subscriber’s bindings', async () => {
    await onChannel(broker, async (it) => {
      await it.assertExchange('foreign', 'fanout');
      await it.bindQueue('backup-awareness.ingest', 'foreign', '');
      await it.assertQueue('subscriber.spec', { arguments: { 'x-queue-type': 'quorum' } });
      await it.bindQueue('subscriber.spec', 'ovirt.backup-alerts', '#');
    });
    const { differences, warnings } = await compareTopology(broker.managementUrl, broker.vhost);
    expect(differences).toEqual([]);
    expect(warnings).toEqual(['unexpected binding (no key) of foreign to backup-awareness.ingest']);
    await broker.api('DELETE', `exchanges/${at}/foreign`);
  });

  it('tells the user monitor the same, except about users', async () => {
    expect(await compareTopology(broker.monitorUrl, broker.vhost)).toEqual({
      differences: [],
      warnings: [],
      areUsersCompared: false,
    });
  });
});
