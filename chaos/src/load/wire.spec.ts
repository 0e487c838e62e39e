import { ENGINE_BACKUP_EXCHANGE, INGEST_QUEUE } from '@backup-awareness/contracts';
import {
  createTcpProxy,
  createTestBroker,
  shortText,
  type TcpProxy,
  type TestBroker,
  type WireMessage,
} from '@backup-awareness/testing';
import { openWire, type Wire } from './wire.js';

/** Enough for each of the wire's connections to be used more than once. */
const MANY = 24;

let broker: TestBroker;
let proxy: TcpProxy;
let wire: Wire;
beforeEach(async () => {
  broker = await createTestBroker();
  proxy = await createTcpProxy(broker.amqpUrl);
  wire = openWire(proxy.urlThrough(broker.urlOf('replay')));
});
afterEach(async () => {
  await wire?.close();
  await proxy?.close();
  await broker?.drop();
});

function message(fields: Partial<WireMessage> = {}): WireMessage {
  return {
    exchange: ENGINE_BACKUP_EXCHANGE,
    routingKey: Buffer.from('ENGINE_BACKUP_COMPLETED.db'),
    properties: {},
    body: Buffer.from('{}'),
    ...fields,
  };
}
const healthy = message({ properties: { messageId: shortText('healthy') } });
/** The broker closes the channel: the publisher has another user name. */
const ofAnotherUser = message({ properties: { userId: shortText('nobody') } });
/** The broker closes the connection: the table ends within its first name. */
const unreadable = message({ properties: { headers: Buffer.from([0, 0, 0, 2, 9, 0x6b]) } });

const sendMany = (one: WireMessage) =>
  Promise.allSettled(Array.from({ length: MANY }, () => wire.send(one)));
const all = (value: string) => Array.from({ length: MANY }, () => ({ status: 'fulfilled', value }));

it('publishes a message byte for byte', async () => {
  const body = Buffer.from([0, 0xff, 0xce, 0x80]);
  const messageId = Buffer.from([0xc3, 0x28, 0xff]);
  const sent = wire.send(message({ body, properties: { messageId: shortText(messageId) } }));
  expect(await sent).toBe('confirmed');
  const [arrived, ...others] = await broker.drain(INGEST_QUEUE);
  expect(arrived).toMatchObject({
    content: body,
    properties: { messageId: messageId.toString() },
    fields: { routingKey: 'ENGINE_BACKUP_COMPLETED.db' },
  });
  expect(others).toEqual([]);
});

it.each([
  ['the channel', ofAnotherUser],
  ['the connection', unreadable],
])('reports a message as refused when the broker closes %s, and continues', async (_, refused) => {
  expect(await sendMany(refused)).toEqual(all('refused'));
  expect(await sendMany(healthy)).toEqual(all('confirmed'));
  expect(await broker.drain(INGEST_QUEUE)).toHaveLength(MANY);
});

it('attributes a refusal to no other message', async () => {
  const sent = Array.from({ length: MANY }, (_, at) =>
    wire.send(at % 3 === 0 ? ofAnotherUser : healthy),
  );
  const fates = Array.from({ length: MANY }, (_, at) => (at % 3 === 0 ? 'refused' : 'confirmed'));
  expect(await Promise.all(sent)).toEqual(fates);
});

it('rejects when the fate of a message is unknown, and continues', async () => {
  await sendMany(healthy);
  proxy.hang();
  const unknown = sendMany(healthy);
  proxy.cut();
  expect((await unknown).filter(({ status }) => status === 'fulfilled')).toEqual([]);
  proxy.mend();
  expect(await sendMany(healthy)).toEqual(all('confirmed'));
});

it('does not report a connection that an operator closed as a refusal', async () => {
  await sendMany(healthy);
  const user = decodeURIComponent(new URL(broker.urlOf('replay')).username);
  await broker.api('DELETE', `connections/username/${encodeURIComponent(user)}`);
  const fates = await sendMany(healthy);
  expect(fates).toContainEqual({ status: 'rejected', reason: expect.anything() });
  expect(fates).not.toContainEqual({ status: 'fulfilled', value: 'refused' });
  expect(await sendMany(healthy)).toEqual(all('confirmed'));
});
