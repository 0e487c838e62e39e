import { once } from 'node:events';
import {
  CLOUD_EVENT_CONTENT_TYPE,
  ENGINE_BACKUP_EXCHANGE,
  encodeCloudEvent,
  engineSource,
  newEventId,
} from '@backup-awareness/contracts';
import { connect, type ConfirmChannel, type Options } from 'amqplib';

const SCOPES = ['db', 'files', 'dwhdb', 'grafanadb', 'keycloak'] as const;
const STARTED_THEN_COMPLETED = ['ENGINE_BACKUP_STARTED', 'ENGINE_BACKUP_COMPLETED'] as const;
const ENGINES = 1_000;

export interface SentReport {
  readonly id: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: Options.Publish;
  readonly data: Readonly<Record<string, string | number>>;
}

/** The report number `i` of many: engines, scopes and kinds by turns, as CloudEvents of some 500 bytes. */
export function reportNumber(i: number): SentReport {
  const name = STARTED_THEN_COMPLETED[i % 2]!;
  const scope = SCOPES[Math.floor(i / 2) % SCOPES.length]!;
  const fqdn = `engine-${(i * 7919) % ENGINES}.example.com`;
  const now = new Date();
  const data = {
    scope,
    done_at: now.toISOString(),
    status: i % 2,
    output_message: i % 2 ? 'Backup Finished' : 'Backup Started',
    fqdn,
    log_path: '/var/log/ovirt-engine-backup/ovirt-engine-backup-20260101000000.log',
  };
  const id = newEventId();
  const routingKey = `${name}.${scope}`;
  const body = encodeCloudEvent({
    id,
    name,
    source: engineSource(fqdn),
    subject: scope,
    time: data.done_at,
    data,
  });
  const options = {
    contentType: CLOUD_EVENT_CONTENT_TYPE,
    persistent: true,
    messageId: id,
    type: name,
    timestamp: Math.floor(now.getTime() / 1000),
    appId: 'bench',
  };
  return { id, routingKey, body, options, data };
}

const UNCONFIRMED_MAX = 4_000;

/**
 * Publishes messages in order and resolves when the broker has confirmed all of them.
 *
 * @param toMessage makes the message number `i`
 */
export async function publishAll(
  amqpUrl: string,
  count: number,
  toMessage: (i: number) => {
    exchange: string;
    routingKey: string;
    body: Buffer;
    options: Options.Publish;
  },
): Promise<void> {
  const connection = await connect(amqpUrl, { noDelay: true });
  try {
    const channel: ConfirmChannel = await connection.createConfirmChannel();
    for (let i = 0; i < count; i++) {
      const { exchange, routingKey, body, options } = toMessage(i);
      const hasRoom = channel.publish(exchange, routingKey, body, options);
      if (!hasRoom) await once(channel, 'drain');
      if (i % UNCONFIRMED_MAX === UNCONFIRMED_MAX - 1) await channel.waitForConfirms();
    }
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
}

/** Fills every queue that is bound to the reports' exchange; gives back the id of the last, which is the last to be stored. */
export async function publishReports(amqpUrl: string, count: number): Promise<string> {
  let lastId = '';
  await publishAll(amqpUrl, count, (i) => {
    const { id, ...message } = reportNumber(i);
    lastId = id;
    return { exchange: ENGINE_BACKUP_EXCHANGE, ...message };
  });
  return lastId;
}
