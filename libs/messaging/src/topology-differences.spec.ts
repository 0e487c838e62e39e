import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { BREAKAGES, onChannel } from './spec/topology-breakages.js';
import { compareTopology, describeDifference } from './topology-differences.js';

describe('the topology at the broker, compared with how it has to be made', () => {
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

  it.each(BREAKAGES)('names it when $what, until it is mended', async ({ act, named, mend }) => {
    await act(broker, at);
    expect(await differences()).toContainEqual(expect.stringMatching(named));
    await mend(broker, at);
    expect(await differences()).toEqual([]);
  });

  it('lets an ordinary policy for everything be, since ours have a higher priority', async () => {
    const ordinary = { pattern: '.*', 'apply-to': 'all', definition: { 'max-length': 5 } };
    await broker.api('PUT', `policies/${at}/everything`, ordinary);
    expect(await differences()).toEqual([]);
    await broker.api('DELETE', `policies/${at}/everything`);
  });

  it('warns of what somebody leads into our queues, and lets a subscriber’s bindings be', async () => {
    await onChannel(broker, async (it) => {
      await it.assertExchange('foreign', 'fanout');
      await it.bindQueue('backup-awareness.ingest', 'foreign', '');
      await it.assertQueue('subscriber.spec', { arguments: { 'x-queue-type': 'quorum' } });
      await it.bindQueue('subscriber.spec', 'ovirt.backup-alerts', '#');
    });
    const { differences, warnings } = await compareTopology(broker.managementUrl, broker.vhost);
    expect(differences).toEqual([]);
    expect(warnings).toEqual([
      'foreign leads (no key) into backup-awareness.ingest, which is no binding of ours',
    ]);
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
