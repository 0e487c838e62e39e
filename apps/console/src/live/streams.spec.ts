import { eventually } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import type { LiveEvent } from './live-event.js';
import { Streams, STREAMS_MAX, type StreamsOptions } from './streams.js';

const event = (fqdn: string): LiveEvent => ({
  kind: 'engine',
  data: { event: 'EngineAdded', fqdn, in_audit_log: true },
});

interface Served {
  readonly streams: Streams;
  readonly port: number;
}

beforeAll(() => Logger.overrideLogger(false));

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function serve(options: StreamsOptions = {}, isValid = async () => true): Promise<Served> {
  const streams = new Streams(options);
  const server: Server = createServer((request, response) => {
    response.writeHead(200);
    const id = request.headers['last-event-id'];
    streams.begin(
      response,
      { key: request.url!, who: 'anna', isValid },
      id === undefined ? id : String(id),
    );
  }).listen(0, '127.0.0.1', 4_096);
  await once(server, 'listening');
  closing.push(() => {
    streams.close();
    server.closeAllConnections();
    server.close();
  });
  return { streams, port: (server.address() as AddressInfo).port };
}

/** A client that has asked, and reads nothing. */
async function connectTo(port: number, path = '/'): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  closing.push(() => socket.destroy());
  await once(socket, 'connect');
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  return socket;
}

interface Listener {
  readonly text: () => string;
  /** How many blocks have come. */
  readonly received: () => number;
  readonly response: IncomingMessage;
}

async function listen(port: number): Promise<Listener> {
  const request = get({ port, agent: false });
  closing.push(() => request.destroy());
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  let received = 0;
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    received += chunk.split('\n\n').length - 1;
  });
  return { text: () => text, received: () => received, response };
}

test('a client that does not read is cut, and no other one misses anything', async () => {
  const { streams, port } = await serve();
  const reader = await listen(port);
  const slow = await connectTo(port);
  slow.pause();
  await eventually(() => expect(streams.count).toBe(2));
  const fqdn = 'x'.repeat(10_000);
  let sent = 0;
  await eventually(async () => {
    for (let n = 0; n < 200 && streams.count > 1; n++, sent++) {
      streams.send(event(`${sent}.${fqdn}`));
      await eventually(() => expect(reader.received()).toBeGreaterThan(sent));
    }
    expect(streams.count).toBe(1);
  }, 60_000);
  expect(reader.text().match(/^event: engine$/gm)).toHaveLength(sent);
});

test('a thousand clients get each event, and take little memory', async () => {
  const { streams, port } = await serve();
  const clients = await Promise.all(Array.from({ length: 1_000 }, () => connectTo(port)));
  const received = clients.map(() => '');
  clients.forEach((socket, index) =>
    socket.on('data', (bytes) => (received[index] = `${received[index]}${String(bytes)}`)),
  );
  await eventually(() => expect(streams.count).toBe(1_000), 60_000);
  const before = process.memoryUsage().rss;
  for (let n = 0; n < 100; n++) {
    streams.send(event(`e${n}.example.com`));
    await new Promise(setImmediate);
  }
  await eventually(
    () => expect(received.every((text) => text.includes('e99.example.com'))).toBe(true),
    60_000,
  );
  expect(received.map((text) => text.match(/^event: engine$/gm)?.length)).toEqual(
    received.map(() => 100),
  );
  // What the thousand clients of this process have received is a third of it.
  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024);
  clients.forEach((socket) => socket.destroy());
  await eventually(() => expect(streams.count).toBe(0), 60_000);
});

test('a thousand clients that do not read are all cut, whatever they leave unread', async () => {
  const { streams, port } = await serve();
  const clients = await Promise.all(Array.from({ length: 1_000 }, () => connectTo(port)));
  clients.forEach((socket) => socket.pause());
  await eventually(() => expect(streams.count).toBe(1_000), 60_000);
  const before = process.memoryUsage();
  const fqdn = 'x'.repeat(60_000);
  await eventually(() => {
    for (let n = 0; n < 5; n++) streams.send(event(fqdn));
    expect(streams.count).toBe(0);
  }, 120_000);
  const { external, heapUsed } = process.memoryUsage();
  expect(external + heapUsed - before.external - before.heapUsed).toBeLessThan(200 * 1024 * 1024);
});

test('a silent stream is kept open by a ping', async () => {
  const { port } = await serve({ pingMs: 20 });
  const { text } = await listen(port);
  await eventually(() => expect(text()).toMatch(/(: ping\nevent: ping\ndata: \{\}\n\n){2}/));
});

test('rights are asked about once for all streams that have the same, and end just those that are over', async () => {
  const asked: string[] = [];
  let isValid = true;
  const { streams, port } = await serve({ validateMs: 20 }, async () => {
    asked.push('asked');
    return isValid;
  });
  await Promise.all(Array.from({ length: 20 }, () => connectTo(port)));
  await eventually(() => expect(streams.count).toBe(20));
  asked.length = 0;
  await eventually(() => expect(asked.length).toBeGreaterThan(2));
  isValid = false;
  await eventually(() => expect(streams.count).toBe(0));
});

test('while it cannot be told whether a right is valid, its stream goes on', async () => {
  let asked = 0;
  const { streams, port } = await serve({ validateMs: 10 }, async () => {
    asked++;
    throw new Error('the database is away');
  });
  await connectTo(port);
  await eventually(() => expect(asked).toBeGreaterThan(3));
  expect(streams.count).toBe(1);
});

test('who listens is told once for all, at the beginning and at the end', async () => {
  const told: boolean[] = [];
  const { streams, port } = await serve({ onListeners: (isAnybody) => told.push(isAnybody) });
  const clients = [await connectTo(port), await connectTo(port)];
  await eventually(() => expect(streams.count).toBe(2));
  clients.forEach((socket) => socket.destroy());
  await eventually(() => expect(told).toEqual([true, false]));
});

test('at shutdown all streams end, and none begins', async () => {
  const { streams, port } = await serve();
  const { response } = await listen(port);
  const ended = once(response, 'end');
  streams.close();
  await ended;
  expect(streams.isFull).toBe(true);
  expect(STREAMS_MAX).toBeGreaterThanOrEqual(1_000);
});
