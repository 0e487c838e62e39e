import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpRequest } from './http-request.js';

let server: Server;
let url: string;
beforeAll(async () => {
  server = createServer(async (request, response) => {
    if (request.url === '/hang') return;
    if (request.url === '/cut') {
      response.writeHead(200, { 'content-length': '10' }).write('half', () => request.destroy());
      return;
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const { method, headers } = request;
    response
      .writeHead(404, { 'x-answer': 'value' })
      .end(`${method} ${headers['x-name']} ${body} ✓`);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

it('resolves with status, headers and body, whatever the status is', async () => {
  const headers = { 'x-name': 'value' };
  const answer = await httpRequest(url, { method: 'PUT', headers, body: 'ü', timeoutMs: 5_000 });
  expect(answer).toMatchObject({
    status: 404,
    headers: { 'x-answer': 'value' },
    body: 'PUT value ü ✓',
  });
});

it('rejects with a time-out when no answer comes', async () => {
  await expect(httpRequest(`${url}/hang`, { timeoutMs: 100 })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});

it('rejects when the answer is cut off', async () => {
  await expect(httpRequest(`${url}/cut`, { timeoutMs: 5_000 })).rejects.toThrow('aborted');
});

it('rejects with the network’s error when nothing listens', async () => {
  await expect(httpRequest('http://127.0.0.1:1', { timeoutMs: 5_000 })).rejects.toThrow(
    'ECONNREFUSED',
  );
});
