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

/** Report number `i` of many: engines, scopes and kinds in turn, as CloudEvents of about 500 bytes. */
export function reportNumber(i: number): SentReport {
  return reportOf({
    name: STARTED_THEN_COMPLETED[i % 2]!,
    scope: SCOPES[Math.floor(i / 2) % SCOPES.length]!,
    fqdn: `engine-${(i * 7919) % ENGINES}.example.com`,
  });
}

export function reportOf(report: {
  readonly name: (typeof STARTED_THEN_COMPLETED)[number];
  readonly scope: string;
  readonly fqdn: string;
}): SentReport {
  const { name, scope, fqdn } = report;
  const isCompleted = name === 'ENGINE_BACKUP_COMPLETED';
  const now = new Date();
  const data = {
    scope,
    done_at: now.toISOString(),
    status: isCompleted ? 1 : 0,
    output_message: isCompleted ? 'Backup Finished' : 'Backup Started',
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

/** Publishes that a backup of `scope` was completed. Resolves when the broker has confirmed it. */
export async function publishCompleted(
  channel: ConfirmChannel,
  scope: string,
  fqdn: string,
): Promise<void> {
  const { routingKey, body, options } = reportOf({ name: 'ENGINE_BACKUP_COMPLETED', scope, fqdn });
  channel.publish(ENGINE_BACKUP_EXCHANGE, routingKey, body, options);
  await channel.waitForConfirms();
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

/** Publishes reports to every queue that is bound to their exchange. @returns the id of the last one, which is stored last */
export async function publishReports(amqpUrl: string, count: number): Promise<string> {
  let lastId = '';
  await publishAll(amqpUrl, count, (i) => {
    const { id, ...message } = reportNumber(i);
    lastId = id;
    return { exchange: ENGINE_BACKUP_EXCHANGE, ...message };
  });
  return lastId;
}
