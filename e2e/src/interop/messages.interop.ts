import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT, eventually, report } from '@backup-awareness/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { ConsumeMessage } from 'amqplib';
import { clearedAlert, raisedAlert } from '../alerts.js';
import { setUpEngineHost } from '../engine-host.js';
import { startProduct, type ProductOnTestServers } from '../product.js';

/** Packages that know nothing of ours. */
const foreign = createRequire(join(CHECKOUT, 'e2e', 'foreign', 'package.json'));

describe('docs/asyncapi.json', () => {
  it('is valid to the parser of AsyncAPI itself', async () => {
    const { Parser } = foreign('@asyncapi/parser');
    const { document, diagnostics } = await new Parser().parse(readDocument('asyncapi.json'));
    const found = (diagnostics as { severity: number; code: string; message: string }[]).filter(
      ({ code }) => code !== 'asyncapi-latest-version',
    );
    expect(found).toEqual([]);
    expect(document.version()).toBe('3.0.0');
  });
});

describe('the messages of a running product', () => {
  let product: ProductOnTestServers;
  let folder: string;
  const captured: ConsumeMessage[] = [];

  beforeAll(async () => {
    product = await startProduct();
    folder = mkdtempSync(join(tmpdir(), 'messages-'));
    const channel = await (await product.client.connection()).createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    for (const exchange of ['engine-backup', 'backup-alerts', 'backup-administration'])
      await channel.bindQueue(queue, `ovirt.${exchange}`, '#');
    await channel.consume(queue, (message) => message && captured.push(message), { noAck: true });
    await useEverything(product, folder);
  });
  afterAll(async () => {
    await product?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('have every field that their schemas ask for, and are CloudEvents to the SDK of CloudEvents', async () => {
    // A heartbeat comes once a minute.
    await eventually(
      () =>
        expect([...new Set(captured.filter(isCloudEvent).map(nameOf))].sort()).toEqual([
          'AlertDismissed',
          'BackupAlertCleared',
          'BackupAlertRaised',
          'BackupCheckCompleted',
          'DeadLetterDiscarded',
          'DeadLetterReplayed',
          'ENGINE_BACKUP_COMPLETED',
          'ENGINE_BACKUP_FAILED',
          'ENGINE_BACKUP_STARTED',
          'EngineAdded',
          'EngineRetired',
          'Heartbeat',
          'SettingChanged',
        ]),
      90_000,
    );
    for (const message of captured.filter(isCloudEvent)) expect(faultsOf(message)).toEqual([]);
  });

  it.each([
    ['without a field', (data: Record<string, unknown>) => delete data['sequence']],
    ['with another type', (data: Record<string, unknown>) => (data['sequence'] = '1')],
    ['with an unknown alert', (data: Record<string, unknown>) => (data['alert'] = 'NONE')],
  ])('would be refused by their schema %s', (_, spoil) => {
    const message = captured.find((it) => nameOf(it) === 'BackupAlertRaised')!;
    const event = JSON.parse(message.content.toString());
    spoil(event.data);
    expect(faultsOf({ ...message, content: Buffer.from(JSON.stringify(event)) })).not.toEqual([]);
  });
});

/** Has each kind of event published that needs no fault of the clock. */
async function useEverything(product: ProductOnTestServers, folder: string): Promise<void> {
  const { fqdn, shim } = await setUpEngineHost(product, folder, 'messages');
  const alert = await raisedAlert(product, fqdn, 'ENGINE_NO_FULL_BACKUP');
  await product.cliJson('alerts', 'dismiss', alert.alert_id, '--comment', 'A test');
  for (const status of ['0', '-1', '1'])
    await shim('log-event', '--scope', 'all', '--status', status);
  await clearedAlert(product, alert);
  await product.cliJson('config', '-s', 'BackupAlertPeriodInDays=3');
  // The first check was made before anything was captured.
  await product.cliJson('config', '-s', 'BackupCheckPeriodInHours=0.005');
  await product.cliJson('engines', 'retire', fqdn);
  for (const done_at of ['yesterday', 'tomorrow'])
    await product.reportBare(report({ fqdn, done_at }));
  const letters = await eventually(async () => {
    const found = await product.cliJson<{ id: string }[]>(
      'dead-letters',
      'list',
      '--queue',
      'ingest',
    );
    expect(found).toHaveLength(2);
    return found;
  });
  await product.cliJson('dead-letters', 'replay', letters[0]!.id);
  await product.cliJson('dead-letters', 'discard', letters[1]!.id, '--comment', 'A test');
}

const nameOf = ({ properties }: ConsumeMessage): string => properties.type;

/** The test's bare reports, which are to be dead letters, are none. */
const isCloudEvent = ({ properties }: ConsumeMessage): boolean =>
  properties.contentType === 'application/cloudevents+json';

/** What a stranger's programs find wrong with a message. */
function faultsOf({ content, properties }: Pick<ConsumeMessage, 'content' | 'properties'>) {
  const { HTTP } = foreign('cloudevents');
  const body = content.toString();
  try {
    HTTP.toEvent({ headers: { 'content-type': properties.contentType }, body }).validate();
  } catch (error) {
    return [error];
  }
  const event = JSON.parse(body);
  const ajv = new Ajv2020({ strict: true });
  addFormats.default(ajv);
  const [, path] = /\/schemas\/(.+)$/.exec(event.dataschema)!;
  const validate = ajv.compile(JSON.parse(readDocument(join('schemas', path!))));
  validate(event.data);
  return validate.errors ?? [];
}

function readDocument(name: string): string {
  return readFileSync(join(CHECKOUT, 'docs', name), 'utf8');
}
