import { createTestBroker, type TestBroker } from '@backup-awareness/testing';

describe('the broker user monitor', () => {
  let broker: TestBroker;
  let at: string;

  beforeAll(async () => {
    broker = await createTestBroker();
    at = encodeURIComponent(broker.vhost);
  });

  afterAll(() => broker.drop());

  const MAY_NOT: [string, string, (at: string) => string, object?][] = [
    [
      'fetch messages',
      'POST',
      (it) => `queues/${it}/backup-awareness.ingest/get`,
      { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' },
    ],
    ['purge a queue', 'DELETE', (it) => `queues/${it}/backup-awareness.ingest/contents`],
    ['remove a queue', 'DELETE', (it) => `queues/${it}/backup-awareness.ingest`],
    [
      'publish',
      'POST',
      (it) => `exchanges/${it}/ovirt.engine-backup/publish`,
      {
        properties: {},
        routing_key: 'ENGINE_BACKUP_COMPLETED.db',
        payload: 'x',
        payload_encoding: 'string',
      },
    ],
    [
      'bind a queue',
      'POST',
      (it) => `bindings/${it}/e/ovirt.engine-backup/q/backup-awareness.ingest`,
      { routing_key: 'x' },
    ],
    [
      'make a policy',
      'PUT',
      (it) => `policies/${it}/mine`,
      { pattern: '.*', definition: { 'max-length': 1 } },
    ],
    ['read users', 'GET', () => 'users'],
    ['read another virtual host', 'GET', () => 'queues/%2F'],
  ];

  it.each(MAY_NOT)('may not %s', async (...[, method, path, body]) => {
    const { origin, username, password } = new URL(broker.monitorUrl);
    const response = await fetch(`${origin}/api/${path(at)}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${password}`).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    expect(await response.text()).toMatch(/not_authorised|ACCESS_REFUSED/);
  });
});
