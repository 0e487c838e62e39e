import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { eventually } from '@backup-awareness/testing';
import { startProduct, THIS_HOST, type Product } from './product.js';

interface Posted {
  readonly labels: Record<string, string>;
  readonly endsAt: string;
}

let server: Server;
let product: Product;
const received: { readonly path: string; readonly body: string }[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (part: Buffer) => (body += part.toString()));
    request.on('end', () => {
      received.push({ path: request.url ?? '', body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  product = await startProduct({ ALERTMANAGER_URLS: url, WEBHOOK_URL: `${url}/hook` });
});
afterAll(async () => {
  await product?.stop();
  server?.closeAllConnections();
  server?.close();
});

/** The last that Alertmanager was told of this host. */
const lastPosted = () =>
  received
    .filter(({ path }) => path === '/api/v2/alerts')
    .flatMap(({ body }) => JSON.parse(body) as Posted[])
    .filter(({ labels }) => labels['fqdn'] === THIS_HOST)
    .at(-1);
const hooks = () =>
  received
    .filter(({ path }) => path === '/hook')
    .map(({ body }) => (JSON.parse(body) as { type: string }).type);

it('npm start with destinations has them told of this host, and of its backup', async () => {
  await eventually(() => {
    expect(lastPosted()?.labels).toMatchObject({ alertname: 'EngineNoFullBackup' });
    expect(hooks()).toEqual(['org.ovirt.BackupAlertRaised']);
  });
  await product.reportFullBackup(THIS_HOST);
  await eventually(() => {
    expect(Date.parse(lastPosted()!.endsAt)).toBeLessThanOrEqual(Date.now());
    expect(hooks()).toEqual(['org.ovirt.BackupAlertRaised', 'org.ovirt.BackupAlertCleared']);
  });
});

it('a destination that does not answer is a warning of check after five minutes, and not before', async () => {
  await product.query(
    `INSERT INTO notification_destination (destination, seen_at, failing_since, last_error)
     VALUES ('mail', now(), now() - interval '4 minutes', 'no answer within 60 s')`,
  );
  // The first check waits until ingest has no backlog; until then the product is unknown.
  await eventually(async () => expect((await product.cli('check')).code).toBe(0));
  await product.query(
    `UPDATE notification_destination SET failing_since = now() - interval '5 minutes' WHERE destination = 'mail'`,
  );
  const check = await product.cli('check');
  expect(check.code).toBe(1);
  expect(check.stdout).toContain('mail has not been notified since');
});
