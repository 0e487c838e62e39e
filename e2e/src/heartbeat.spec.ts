import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@backup-awareness/testing';
import { startProduct, type Product } from './product.js';

const MINUTE_MS = 60_000;

let server: Server;
let product: Product;
const received: { readonly method: string; readonly path: string; readonly body: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push({ method: request.method ?? '', path: request.url ?? '', body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/ping`;
  product = await startProduct({ HEARTBEAT_URL: url });
});
afterAll(async () => {
  await product?.stop();
  server?.closeAllConnections();
  server?.close();
});

const last = () => received.at(-1) ?? { method: '', path: '', body: '' };
const beats = () => expect(last()).toMatchObject({ method: 'GET', path: '/ping' });

it(
  'the heartbeat stops while ingest and audit are stopped, says so of both, and goes on afterwards',
  async () => {
    await eventually(beats, 4 * MINUTE_MS);
    // Everything proves itself within the first minutes: nothing fails meanwhile.
    expect(received.map(({ path }) => path)).not.toContain('/ping/fail');
    const { ingest, audit } = product.endpoints().services;
    for (const { pid } of [ingest!, audit!]) process.kill(pid, 'SIGSTOP');
    try {
      await eventually(() => {
        expect(last()).toMatchObject({ method: 'POST', path: '/ping/fail' });
        expect(last().body).toContain('Audit has not recorded an event since');
        expect(last().body).toContain('Ingest has not answered a request for settings since');
      }, 6 * MINUTE_MS);
    } finally {
      for (const { pid } of [ingest!, audit!]) process.kill(pid, 'SIGCONT');
    }
    await eventually(beats, 6 * MINUTE_MS);
    const rows = await product.query(`SELECT FROM audit_log WHERE event_name = 'Heartbeat'`);
    expect(rows).toEqual([]);
  },
  16 * MINUTE_MS,
);

it('a wrong destination ends npm start with one line, before anything runs', async () => {
  await expect(startProduct({ HEARTBEAT_URL: 'ping' })).rejects.toThrow(
    /backup-awareness: HEARTBEAT_URL: expected a URL such as .*, got 4 characters \(not shown\)/,
  );
});
