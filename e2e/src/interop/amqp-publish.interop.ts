import { cloudEvent, type Report, report, routingKeyOf } from '@backup-awareness/testing';
import { stored } from '../alerts.js';
import { startProduct, type ProductOnTestServers } from '../product.js';
import { goThroughJourney } from './journey.js';
import { runProgram } from './run-program.js';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

/** As the page of `npm start` shows. */
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

  it('work with the lines that npm start shows, pasted into a shell', async () => {
    const page = product.output();
    const lines = page.slice(
      page.indexOf('  url=$('),
      page.indexOf('  done\n') + '  done\n'.length,
    );
    expect(lines).toContain('amqp-publish');
    await runProgram('sh', ['-e', '-c', lines]);
    await stored(product, (await thisHost())!, 2);
  });
});

async function thisHost(): Promise<string | undefined> {
  const rows = await product.query<{ fqdn: string }>(
    `SELECT fqdn FROM engine ORDER BY watched_since LIMIT 1`,
  );
  return rows[0]?.fqdn;
}
