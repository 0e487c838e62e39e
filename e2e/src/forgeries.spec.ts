import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  backupAlertCleared,
  backupAlertClearedExample,
  clockAccepted,
  clockAcceptedExample,
  engineRetired,
  engineRetiredExample,
  settingChanged,
  settingChangedExample,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import { BROKER_USER_NAMES, eventMessage, type BrokerUser } from '@backup-awareness/messaging';
import { cloudEvent, eventually, report, routingKeyOf } from '@backup-awareness/testing';
import { connect, type ChannelModel, type Options } from 'amqplib';
import { startProduct, type ProductOnTestServers } from './product.js';
import { settled } from './settled.js';

const VICTIM = 'victim.example.com';
const FREE = 'free.example.com';
const UNKNOWN = 'invented.example.com';
const OWN = 'own.example.com';
const QUEUES = ['backup-awareness.ingest', 'backup-awareness.audit'];

/** The broker user that tries: one of the services', or an engine host's. */
type Credential = BrokerUser | 'host';
const CREDENTIALS: readonly Credential[] = [...BROKER_USER_NAMES, 'host'];

interface Forgery {
  readonly what: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: (id: string) => object;
  readonly options?: Options.Publish;
  /** Those who may send it by the contract, so that it is not a forgery. */
  readonly genuineFrom?: readonly Credential[];
  /** Whether it counts, unverified, without a user id: the broker requires none, and the engine has no user. */
  readonly countsNameless?: boolean;
}

let product: ProductOnTestServers;
let folder: string;
let victimUser: string;
let hostUser: string;
let alertId: string;
const urls = new Map<Credential, string>();
/** Ids of messages that are not forgeries, and must count. */
const genuine = new Set<string>();
/** Ids of messages without a user id. */
const unverified = new Set<string>();

const success = (fqdn: string) => (id: string) => cloudEvent(report({ fqdn, log_path: id }), id);
const cloudEventOf = (event: OutgoingEvent) => (id: string) =>
  JSON.parse(eventMessage({ ...event, id }, 'forger', new Date()).body.toString()) as object;

function forgeries(): Forgery[] {
  const events = [
    backupAlertCleared({ ...backupAlertClearedExample, fqdn: VICTIM, alert_id: alertId }),
    settingChanged(settingChangedExample),
    engineRetired({ ...engineRetiredExample, fqdn: VICTIM }),
    clockAccepted(clockAcceptedExample),
  ];
  const reportsAbout = [VICTIM, FREE, UNKNOWN];
  const completed = 'ENGINE_BACKUP_COMPLETED.db';
  const replayed = {
    headers: { 'x-received-at': '2020-01-01T00:00:00Z', 'x-original-user-id': victimUser },
  };
  return [
    ...reportsAbout.map((fqdn): Forgery => ({
      what: `a success of ${fqdn}`,
      exchange: 'ovirt.engine-backup',
      routingKey: completed,
      body: success(fqdn),
      genuineFrom: fqdn === VICTIM ? [] : ['replay'],
      countsNameless: fqdn !== VICTIM,
    })),
    {
      what: 'a success with the headers of a replay',
      exchange: 'ovirt.engine-backup',
      routingKey: completed,
      body: success(VICTIM),
      options: replayed,
      genuineFrom: ['replay'],
    },
    ...['ovirt.backup-alerts', 'ovirt.backup-administration'].map((exchange): Forgery => ({
      what: `a success through ${exchange}`,
      exchange,
      routingKey: completed,
      body: success(FREE),
    })),
    ...QUEUES.flatMap((routingKey) =>
      [success(VICTIM), success(FREE), ...events.map(cloudEventOf)].map((body, i): Forgery => ({
        what: `message ${i} straight to ${routingKey}`,
        exchange: '',
        routingKey,
        body,
      })),
    ),
    ...events.map((event): Forgery => ({
      what: event.name,
      exchange: event.exchange,
      routingKey: event.routingKey,
      body: cloudEventOf(event),
      genuineFrom: ['freshness-checker'],
    })),
    ...events.map((event): Forgery => ({
      what: `${event.name} as a copy (CC) of a report`,
      exchange: 'ovirt.engine-backup',
      routingKey: event.routingKey,
      body: cloudEventOf(event),
      options: { headers: { CC: [completed], BCC: QUEUES } },
    })),
    ...events.map((event): Forgery => ({
      what: `${event.name} with the headers of a replay`,
      exchange: event.exchange,
      routingKey: event.routingKey,
      body: cloudEventOf(event),
      options: {
        headers: { 'x-original-user-id': `${product.broker.vhost}.freshness-checker` },
      },
      genuineFrom: ['freshness-checker', 'replay'],
    })),
    {
      what: 'a report through the reply-to of a settings request',
      exchange: 'ovirt.engine-backup',
      routingKey: 'BACKUP_SETTINGS_REQUESTED',
      body: success(VICTIM),
      options: { replyTo: 'backup-awareness.ingest' },
    },
  ];
}

async function connectAs(credential: Credential): Promise<ChannelModel> {
  const connection = await connect(urls.get(credential)!);
  connection.on('error', () => undefined);
  return connection;
}

/** Publishes, and waits until the broker confirms or refuses it. */
async function attempt(
  connection: ChannelModel,
  credential: Credential,
  message: Forgery,
  id: string,
): Promise<void> {
  const userId = decodeURIComponent(new URL(urls.get(credential)!).username);
  for (const named of [{ userId }, {}]) {
    const name = `${id}${'userId' in named ? '' : ' nameless'}`;
    if (message.genuineFrom?.includes(credential)) genuine.add(name);
    else if (message.countsNameless && !('userId' in named)) unverified.add(name);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => undefined);
    const { exchange, routingKey, body, options } = message;
    let isOpen = true;
    await new Promise<void>((resolve) => {
      channel.once('close', () => {
        isOpen = false;
        resolve();
      });
      const content = Buffer.from(JSON.stringify(body(name)));
      const contentType = 'application/cloudevents+json';
      channel.publish(exchange, routingKey, content, { contentType, ...options, ...named }, () =>
        resolve(),
      );
    });
    if (isOpen) await channel.close();
  }
}

const forged = (table: string) =>
  product.query<{ event_id: string; reported_by: string | null }>(
    `SELECT * FROM ${table} WHERE event_id LIKE 'forged %' ORDER BY event_id`,
  );
const idsOf = (rows: readonly { event_id: string }[]) => rows.map((row) => row.event_id);

beforeAll(async () => {
  product = await startProduct();
  folder = mkdtempSync(join(tmpdir(), 'forgeries-'));
  const { vhost } = product.broker;
  victimUser = `victim-${vhost}`;
  hostUser = `own-${vhost}`;
  const passwordFile = join(folder, 'own');
  const add = (fqdn: string, user: string, file: string) =>
    product.cli('engines', 'add', fqdn, '--broker-user', user, '--password-file', file);
  expect(await add(VICTIM, victimUser, join(folder, 'victim'))).toMatchObject({ code: 0 });
  expect(await add(OWN, hostUser, passwordFile)).toMatchObject({ code: 0 });
  await product.cli('engines', 'add', FREE);
  for (const name of BROKER_USER_NAMES) urls.set(name, product.broker.urlOf(name));
  const url = new URL(product.broker.amqpUrl);
  url.username = encodeURIComponent(hostUser);
  url.password = readFileSync(passwordFile, 'utf8').trim();
  urls.set('host', url.href);
  alertId = await eventually(async () => {
    const [alert] = await product.query<{ alert_id: string }>(
      'SELECT alert_id FROM alert WHERE fqdn = $1 AND cleared_at IS NULL',
      [VICTIM],
    );
    if (!alert) throw new Error('no alert yet');
    return alert.alert_id;
  });
  for (const credential of CREDENTIALS) {
    const connection = await connectAs(credential);
    for (const [i, message] of forgeries().entries())
      await attempt(connection, credential, message, `forged ${credential}: ${i} ${message.what}`);
    await connection.close();
  }
  await settled(product);
}, 300_000);
afterAll(async () => {
  for (const fqdn of [VICTIM, OWN]) await product?.cli('engines', 'retire', fqdn);
  await product?.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe('of the forgeries of each credential of the product', () => {
  it('none is in the log of reports, except replays and unverified reports about engines without a user', async () => {
    const rows = await forged('engine_backup_log');
    expect(idsOf(rows).filter((id) => !genuine.has(id) && !unverified.has(id))).toEqual([]);
    const byOthers = rows.filter((row) => !row.event_id.startsWith('forged replay: '));
    expect(byOthers.filter((row) => row.reported_by !== null)).toEqual([]);
  });

  it('none is in the audit log, except events from the users that may make them', async () => {
    const ids = idsOf(await forged('audit_log'));
    expect(ids.filter((id) => !genuine.has(id) && !unverified.has(id))).toEqual([]);
    // Events without a validated user never count.
    const nameless = ids.filter((id) => id.endsWith('nameless') && !id.startsWith('forged replay'));
    expect(nameless.filter((id) => !unverified.has(id))).toEqual([]);
    expect(ids.filter((id) => id.startsWith('forged freshness-checker: ')).length).toBeGreaterThan(
      0,
    );
  });

  it('none has changed an alert, an engine or a setting', async () => {
    const alerts = await product.cliJson<{ alert_id: string; active: boolean }[]>('alerts', 'list');
    expect(alerts).toContainEqual(expect.objectContaining({ alert_id: alertId, active: true }));
    const engines = await product.cliJson<Record<string, unknown>[]>('engines', 'list');
    expect(engines).toContainEqual(
      expect.objectContaining({ fqdn: VICTIM, last_full_backup_at: null, broker_user: victimUser }),
    );
    const settings = await product.cliJson<unknown[]>('config', '--diff');
    expect(settings).toEqual([]);
  });

  it('each that reached a queue is a dead letter with a reason', async () => {
    for (const queue of QUEUES) {
      const dead = await product.broker.drain(`${queue}.dead`);
      expect(dead.length).toBeGreaterThan(0);
      for (const { properties } of dead) {
        expect(properties.headers!['x-error-reason']).toMatch(
          /^(not authorised|exchange|routing_key|type):/,
        );
        expect(properties.headers!['x-received-at']).not.toMatch(/^2020/);
      }
    }
  });
});

describe('an engine host', () => {
  it('cannot backdate its reports', async () => {
    const headers = {
      'x-received-at': '2020-01-01T00:00:00Z',
      'x-original-user-id': victimUser,
    };
    const failed = report({ fqdn: OWN, status: -1 });
    const connection = await connectAs('host');
    await attempt(
      connection,
      'host',
      {
        what: 'its own failure',
        exchange: 'ovirt.engine-backup',
        routingKey: routingKeyOf(failed),
        body: (id) => cloudEvent(failed, id),
        options: { headers },
      },
      'backdated',
    );
    await connection.close();
    await settled(product);
    const rows = await product.query<{ reported_by: string; is_recent: boolean }>(
      `SELECT reported_by, received_at > now() - interval '5 minutes' AS is_recent
       FROM engine_backup_log WHERE event_id = 'backdated'`,
    );
    expect(rows).toEqual([{ reported_by: hostUser, is_recent: true }]);
  });

  it('cannot register more engines than EngineRegistrationMax', async () => {
    await product.cli('config', '-s', 'EngineRegistrationMax=20');
    const publishing = Array.from({ length: 200 }, (_, i) =>
      product.reportCloudEvent(report({ fqdn: `name-${i}.example.com` }), `many ${i}`),
    );
    await Promise.all(publishing);
    await eventually(async () => {
      for (const queue of QUEUES) expect(await product.broker.depth(queue)).toBe(0);
      for (const queue of QUEUES)
        expect(await product.broker.depth(`${queue}.dead`)).toBeGreaterThanOrEqual(180);
    }, 60_000);
    const count = async (sql: string) =>
      (await product.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;
    expect(await count(`engine WHERE registered_by = 'report' AND retired_at IS NULL`)).toBe(20);
    const stored = await count(`engine_backup_log WHERE event_id LIKE 'many %'`);
    expect(await count(`audit_log WHERE event_id LIKE 'many %'`)).toBe(stored);
    for (const queue of QUEUES) {
      const dead = await product.broker.drain(`${queue}.dead`);
      const reasons = dead.map(({ properties }) => properties.headers!['x-error-reason'] as string);
      expect(reasons.filter((reason) => !/^not authorised/.test(reason))).toHaveLength(
        200 - stored,
      );
      expect(reasons.find((reason) => reason.startsWith('unknown engine'))).toMatch(
        /backup-awareness engines add name-\d+\.example\.com/,
      );
    }
    const { stdout } = await product.cli('engines', 'retire', 'name-*');
    expect(stdout).toContain(`Retired ${stored} engines`);
  });
});
