import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';

const QUEUES = ['backup-awareness.ingest', 'backup-awareness.audit'];

describe('our queues under an operator’s policy', () => {
  let broker: TestBroker;
  let at: string;

  beforeEach(async () => {
    broker = await createTestBroker();
    at = encodeURIComponent(broker.vhost);
  });

  afterEach(() => broker.drop());

  const operatorSays = (definition: object) =>
    broker.api('PUT', `operator-policies/${at}/somebody`, {
      pattern: '^backup-awareness\\.(ingest|audit)$',
      'apply-to': 'queues',
      definition,
    });
  const report = (text: string) =>
    broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', text);

  it.each(QUEUES)('%s: a message that expires becomes a dead letter', async (queue) => {
    await operatorSays({ 'message-ttl': 100 });
    await eventually(async () => {
      await report('expires');
      expect(await broker.depth(`${queue}.dead`)).toBeGreaterThan(0);
    });
    const [dead] = await broker.drain(`${queue}.dead`);
    expect(dead!.content.toString()).toBe('expires');
    expect(dead!.properties.headers).toMatchObject({ 'x-first-death-reason': 'expired' });
  });

  it.each([
    ['length', { 'max-length': 2 }],
    ['bytes', { 'max-length-bytes': 20 }],
  ])(
    'a message beyond a limit on %s is refused to its publisher, and none is dropped',
    async (_, bound) => {
      await operatorSays(bound);
      let confirmed = 0;
      let refused = 0;
      await eventually(async () => {
        await report(`report ${confirmed}`).then(
          () => confirmed++,
          () => refused++,
        );
        expect(refused).toBeGreaterThan(3);
      });
      for (const queue of QUEUES) {
        const kept = (await broker.drain(queue)).map(({ content }) => content.toString());
        for (let i = 0; i < confirmed; i++) expect(kept).toContain(`report ${i}`);
      }
    },
  );
});
