import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  cloudEvent,
  compiledProgram,
  createTestBroker,
  createTestDatabase,
  eventually,
  hostileProperties,
  hostileRoutingKey,
  longText,
  nested,
  publishOnWire,
  report,
  shortText,
  table,
  text,
  type TestBroker,
  type TestDatabase,
  type WireMessage,
  type WireValue,
} from '@backup-awareness/testing';
import { connect } from 'amqplib';
import fc from 'fast-check';

const EXCHANGE = 'ovirt.engine-backup';
const KEEPERS = [
  { queue: 'backup-awareness.ingest', table: 'engine_backup_log' },
  { queue: 'backup-awareness.audit', table: 'audit_log' },
] as const;
const COUNT = 100;
const WITHIN_MS = 60_000;

describe('the product, given properties and headers of every type', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let services: ChildProcess[] = [];

  // As processes: amqplib is guarded before it is loaded, which Jest does in an order of its own.
  beforeAll(async () => {
    broker = await createTestBroker();
    database = await createTestDatabase();
    services = (['ingest', 'audit'] as const).map((name) =>
      spawn(process.execPath, [compiledProgram(name)], {
        env: {
          AMQP_URL: broker.urlOf(name),
          SETTINGS_AMQP_URL: broker.urlOf('ingest-settings'),
          DATABASE_URL: database.urls[name],
          HTTP_PORT: '0',
          LOG_LEVEL: 'error',
        },
        stdio: ['ignore', 'inherit', 'inherit'],
      }),
    );
  });
  afterAll(async () => {
    await stopServices();
    await database?.drop();
    await broker?.drop();
  });

  async function stopServices(): Promise<void> {
    await Promise.all(
      services.splice(0).map(async (service) => {
        service.kill();
        if (service.exitCode === null) await once(service, 'exit');
      }),
    );
  }

  const bodyOf = (id: string) =>
    Buffer.from(JSON.stringify(cloudEvent(report({ fqdn: 'hostile.example.com' }), id)));
  const idOf = (body: Buffer) => (JSON.parse(body.toString()) as { id: string }).id;

  /** Publishes each on a connection of its own, and tells which the broker has confirmed. */
  async function publishAll(messages: readonly WireMessage[]): Promise<string[]> {
    const confirmed: string[] = [];
    for (const message of messages) {
      const connection = await connect(broker.amqpUrl);
      connection.on('error', () => undefined);
      const taken = await publishOnWire(await connection.createConfirmChannel(), message).then(
        () => true,
        () => false,
      );
      if (taken) confirmed.push(idOf(message.body));
      await connection.close().catch(() => undefined);
    }
    return confirmed;
  }

  /** What has become of each of these, once none waits. */
  async function fatesOf(
    { queue, table: kept }: (typeof KEEPERS)[number],
    confirmed: readonly string[],
  ) {
    const dead = new Map<string, Record<string, unknown>>();
    const stored = new Set<string>();
    await eventually(async () => {
      for (const { content, properties } of await broker.drain(`${queue}.dead`))
        dead.set(idOf(content), properties.headers as Record<string, unknown>);
      const rows = (await database.owner.query(`SELECT event_id AS id FROM ${kept}`)) as {
        id: string;
      }[];
      rows.forEach(({ id }) => stored.add(id));
      expect(confirmed.filter((id) => !stored.has(id) && !dead.has(id))).toEqual([]);
    }, WITHIN_MS);
    expect(confirmed.filter((id) => stored.has(id) && dead.has(id))).toEqual([]);
    return dead;
  }

  it('stores or buries each that is known to have been too much for a library', async () => {
    const fatal: Record<string, WireMessage['properties']> = {
      'a number of 64 bits that is text': { headers: table([['trap', typed('int64', text('x'))]]) },
      'a timestamp that is text': { headers: table([['trap', typed('timestamp', text('x'))]]) },
      'a number of 64 bits that is none': {
        headers: table([
          ['trap', typed('int64', { tag: 'd', bytes: Buffer.from('3fe0000000000000', 'hex') })],
        ]),
      },
      'a type that is none': { headers: table([['trap', typed('bogus', text('x'))]]) },
      'text that is a number': {
        headers: table([['trap', typed('string', { tag: 'b', bytes: Buffer.from([1]) })]]),
      },
      'a table that passes for bytes': {
        headers: table([
          [
            'trap',
            {
              tag: 'F',
              bytes: table([['__proto__', { tag: 'x', bytes: longText(Buffer.from('x')) }]]),
            },
          ],
        ]),
      },
      'a timestamp beyond 64 bits when it is rounded': { timestamp: Buffer.alloc(8, 0xff) },
      'an id that grows when it is read': { messageId: shortText(Buffer.alloc(255, 0xff)) },
      'a name of a header that grows': { headers: table([[Buffer.alloc(255, 0xff), text('x')]]) },
      'headers that say they are unreadable': {
        headers: table([['x-headers-unreadable', text('no')]]),
      },
      'headers that fill a frame': { headers: table([['large', text('x'.repeat(120_000))]]) },
      'headers just within what the library writes': {
        headers: table([['large', text('x'.repeat(65_400))]]),
      },
      ...Object.fromEntries(
        [500, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 16_000].flatMap((depth) =>
          (['tables', 'arrays'] as const).map((kind) => [
            `${kind} nested ${depth} deep`,
            { headers: table([['deep', nested(kind, depth)]]) },
          ]),
        ),
      ),
    };
    const messages = Object.entries(fatal).map(([id, properties]) => ({
      exchange: EXCHANGE,
      routingKey: Buffer.from('ENGINE_BACKUP_COMPLETED.files'),
      properties,
      body: bodyOf(id),
    }));
    const confirmed = await publishAll(messages);
    expect(confirmed).toEqual(Object.keys(fatal));
    for (const keeper of KEEPERS) {
      const dead = await fatesOf(keeper, confirmed);
      expect([...dead.keys()].sort()).toEqual(Object.keys(fatal).sort());
      expect(dead.get('a number of 64 bits that is text')).toMatchObject({
        'x-properties-left-out': expect.stringContaining('cannot be encoded'),
      });
    }
  });

  it('stores or buries each, and nothing waits', async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(hostileProperties, hostileRoutingKey), {
          minLength: COUNT,
          maxLength: COUNT,
        }),
        async (drawn) => {
          round++;
          const messages = drawn.map(([properties, routingKey], i) => ({
            exchange: EXCHANGE,
            routingKey,
            properties,
            body: bodyOf(`${round}/${i}`),
          }));
          const confirmed = await publishAll(messages);
          expect(confirmed.length).toBeGreaterThan(COUNT / 3);
          for (const keeper of KEEPERS)
            for (const headers of (await fatesOf(keeper, confirmed)).values())
              expect(headers).toMatchObject({
                'x-error-reason': expect.any(String),
                'x-received-at': expect.any(String),
                'x-original-exchange': EXCHANGE,
                'x-original-routing-key': expect.stringMatching(/^ENGINE_BACKUP_COMPLETED/),
              });
        },
      ),
      { numRuns: 3, endOnFailure: true },
    );
    await stopServices();
    for (const { queue } of KEEPERS) expect(await broker.depth(queue)).toBe(0);
  });
});

/** What amqplib takes for a value of that type. */
function typed(type: string, value: WireValue): WireValue {
  return {
    tag: 'F',
    bytes: table([
      ['!', text(type)],
      ['value', value],
    ]),
  };
}
