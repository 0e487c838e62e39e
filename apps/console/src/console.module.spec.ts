import { createAuthority, eventually } from '@backup-awareness/testing';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { useConsole, type ServedConsole } from './spec/use-console.js';

const folder = mkdtempSync(join(tmpdir(), 'backup-awareness-'));
const authority = createAuthority(folder, 'a private authority');
const certificate = authority.issue('broker');

let served: ServedConsole;
let api: Server;
let target = '';
useConsole(
  (it) => {
    served = it;
    target = it.broker.monitorUrl;
  },
  {
    configure: async () => {
      api = createServer(
        { cert: readFileSync(certificate.cert), key: readFileSync(certificate.key) },
        ({ url, method }, response) => {
          const { origin, username, password } = new URL(target || 'http://127.0.0.1:9');
          const forwarded = request(
            `${origin}${url}`,
            {
              method: method!,
              auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}`,
            },
            (answer) => {
              response.statusCode = answer.statusCode!;
              answer.pipe(response);
            },
          );
          forwarded.on('error', () => response.destroy());
          forwarded.end();
        },
      );
      await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
      const { port } = api.address() as { port: number };
      return {
        AMQP_MANAGEMENT_URL: `https://monitor:x@127.0.0.1:${port}`,
        AMQP_CA: readFileSync(authority.cert, 'utf8'),
      };
    },
  },
);
afterAll(() => {
  api?.closeAllConnections();
  api?.close();
  rmSync(folder, { recursive: true });
});

test('where a private authority signed the certificate of the management API, the console becomes ready', async () => {
  await eventually(async () => {
    const { text } = await served.ask('GET', '/health/ready', { token: null });
    expect(JSON.parse(text)).toMatchObject({ status: 'ready' });
  });
});
