import {
  INGEST_QUEUE,
  parseEngineBackupReport,
  type EngineBackupReport,
} from '@backup-awareness/contracts';
import { logReports } from '@backup-awareness/database';
import type { TestBroker, TestDatabase } from '@backup-awareness/testing';
import { connect, type ConsumeMessage } from 'amqplib';

export interface StoredReports {
  /** Every report that came, in order, also one that was stored already. */
  readonly received: readonly { readonly id: string; readonly outcome: string }[];
  stop(): Promise<void>;
}

/** Stores reports as they come, by the functions of ingest. */
export async function storeReports(
  broker: TestBroker,
  database: TestDatabase,
): Promise<StoredReports> {
  const received: { id: string; outcome: string }[] = [];
  const connection = await connect(broker.amqpUrl);
  const channel = await connection.createChannel();
  const waiting: ConsumeMessage[] = [];
  const storeWaiting = async () => {
    const batch = waiting.splice(0);
    const outcomes = await logReports(database.owner, batch.map(reportIn));
    batch.forEach(({ properties }, i) =>
      received.push({ id: String(properties.messageId), outcome: String(outcomes[i]) }),
    );
    batch.forEach((message) => channel.ack(message));
  };
  let stored = Promise.resolve();
  await channel.consume(INGEST_QUEUE, (message) => {
    if (message) waiting.push(message);
    stored = stored.then(storeWaiting);
  });
  return {
    received,
    stop: async () => {
      await stored;
      await connection.close();
    },
  };
}

function reportIn({ properties, fields, content }: ConsumeMessage): EngineBackupReport {
  const parsed = parseEngineBackupReport({
    body: content,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    contentType: properties.contentType,
    messageId: properties.messageId,
    type: properties.type,
    timestampSeconds: properties.timestamp,
    userId: properties.userId,
    headers: {},
  });
  if (!parsed.ok) throw new Error(parsed.invalid.reason);
  return parsed.value;
}
