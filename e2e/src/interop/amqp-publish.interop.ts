import { CHECKOUT, cloudEvent, type Report, report, routingKeyOf } from '@backup-awareness/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stored } from '../alerts.js';
import { startProduct, type ProductOnTestServers } from '../product.js';
import { goThroughJourney } from './journey.js';
import { runProgram } from './run-program.js';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

/** As the guide for engine hosts shows. */
async function publishBare(data: Report): Promise<void> {
  await runProgram('amqp-publish', [
    ...['-u', product.endpoints().amqpUrl, '-e', 'ovirt.engine-backup', '-r', routingKeyOf(data)],
    ...['-p', '-b', JSON.stringify(data)],
  ]);
}

/** With the body on standard input. */
async function publishCloudEvent(data: Report): Promise<void> {
  await runProgram(
    'amqp-publish',
    [
      ...['-u', product.endpoints().amqpUrl, '-e', 'ovirt.engine-backup', '-r', routingKeyOf(data)],
      ...['-p', '-C', 'application/cloudevents+json'],
    ],
    { input: JSON.stringify(cloudEvent(data)) },
  );
}

describe('reports by amqp-publish', () => {
  it.each([
    ['bare JSON', publishBare],
    ['CloudEvents', publishCloudEvent],
  ])('are stored, as %s', async (what, publish) => {
    const fqdn = `${what.replace(' ', '-')}.example.com`;
    const data = report({ fqdn, output_message: 'Größe: "3 GB"' });
    await publish(data);
    await publish(report({ fqdn, status: 0 }));
    await publish(report({ fqdn, status: -1 }));
    await stored(product, fqdn.toLowerCase(), 3);
    const rows = await product.query(
      `SELECT scope, done_at, output_message, log_path FROM engine_backup_log WHERE fqdn = $1 AND is_passed`,
      [fqdn.toLowerCase()],
    );
    const { scope, output_message, log_path } = data;
    expect(rows).toEqual([{ scope, output_message, log_path, done_at: new Date(data.done_at) }]);
  });

  it('raise and clear alerts, as bare JSON', async () => {
    await goThroughJourney(product, 'bare.example.com', publishBare);
  });

  it('raise and clear alerts, as CloudEvents', async () => {
    await goThroughJourney(product, 'events.example.com', publishCloudEvent);
  });

  it('work with the lines of the guide, pasted into a shell', async () => {
    const guide = readFileSync(join(CHECKOUT, 'docs', 'engine-hosts.md'), 'utf8');
    const lines = /^ {2}for scope in db files; do\n.*?^ {2}done\n/ms.exec(guide)![0];
    expect(lines).toContain('amqp-publish');
    const environment = { url: product.endpoints().amqpUrl };
    await runProgram('sh', ['-e', '-c', lines], { environment });
    await stored(product, (await thisHost())!, 2);
  });
});

it('the command that npm start shows, pasted into a shell, reports a trial backup of this host', async () => {
  const [command] = /npx engine-backup-shim log-event .*/.exec(product.output())!;
  await runProgram('sh', ['-e', '-c', `cd '${CHECKOUT}' && ${command}`]);
  // Beside those of the guide.
  await stored(product, (await thisHost())!, 4);
});

async function thisHost(): Promise<string | undefined> {
  const rows = await product.query<{ fqdn: string }>(
    `SELECT fqdn FROM engine ORDER BY watched_since LIMIT 1`,
  );
  return rows[0]?.fqdn;
}
