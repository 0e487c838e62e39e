import { connect } from 'amqplib';

/** A message as a service makes it a dead letter. */
export interface Buried {
  readonly id: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly routingKey?: string;
}

/** Makes dead letters of ingest, as its user. */
export async function buryAs(ingestUrl: string, letters: readonly Buried[]): Promise<void> {
  const connection = await connect(ingestUrl);
  const channel = await connection.createConfirmChannel();
  const userId = decodeURIComponent(new URL(ingestUrl).username);
  const at = new Date('2026-11-23T03:00:00Z').getTime();
  letters.forEach(({ id, body, headers, routingKey = 'ENGINE_BACKUP_COMPLETED.db' }, i) =>
    channel.publish('backup-awareness.dead', 'backup-awareness.ingest', Buffer.from(body), {
      userId,
      persistent: true,
      messageId: `message ${id}`,
      headers: {
        'x-dead-letter-id': id,
        'x-dead-at': new Date(at + i).toISOString(),
        'x-received-at': '2026-11-23T02:00:00.000Z',
        'x-error-reason': 'data.done_at: expected an instant, got "yesterday"',
        'x-error-path': 'data.done_at',
        'x-error-expected': 'an instant',
        'x-error-got': '"yesterday"',
        'x-original-exchange': 'ovirt.engine-backup',
        'x-original-routing-key': routingKey,
        'x-original-user-id': 'host-1',
        ...headers,
      },
    }),
  );
  await channel.waitForConfirms();
  await connection.close();
}
