import { connect, type ConsumeMessage } from 'amqplib';
import { deadLetterQueue, UNROUTED_QUEUE } from '@backup-awareness/contracts';
import type { Installation } from '../installation/installation.js';
import { NUMBER_HEADER, numberByPath, type LoadPlan } from '../load/load-plan.js';
import { KEEPERS } from './stored-rows.js';

export interface DeadLetter {
  /** The number of the message in its load; undefined for one that no load sent. */
  readonly number: number | undefined;
  /** The reason in its headers. */
  readonly reason: string | undefined;
  readonly path: string | undefined;
}

/** The numbers of messages in these queues. */
export async function depths(
  { amqpUrl }: Installation,
  queues: readonly string[],
): Promise<number[]> {
  return onChannel(amqpUrl, async (channel) => {
    const counts: number[] = [];
    for (const queue of queues) counts.push((await channel.checkQueue(queue)).messageCount);
    return counts;
  });
}

/** Takes all dead letters and unrouted messages out of their queues; `plan` is that of the last load. */
export async function takeDeadLetters(
  installation: Installation,
  plan: LoadPlan,
): Promise<ReadonlyMap<string, readonly DeadLetter[]>> {
  const queues = [...KEEPERS.map(({ queue }) => deadLetterQueue(queue)), UNROUTED_QUEUE];
  const taken = new Map<string, readonly DeadLetter[]>();
  for (const queue of queues)
    taken.set(
      queue,
      await onChannel(installation.amqpUrl, (channel) => drain(channel, queue, plan)),
    );
  return taken;
}

type Connection = Awaited<ReturnType<typeof connect>>;
type Channel = Awaited<ReturnType<Connection['createChannel']>>;

async function onChannel<T>(amqpUrl: string, work: (channel: Channel) => Promise<T>): Promise<T> {
  const connection = await connect(amqpUrl, { noDelay: true, timeout: 5_000 });
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    return await work(channel);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

async function drain(channel: Channel, queue: string, plan: LoadPlan): Promise<DeadLetter[]> {
  const { messageCount } = await channel.checkQueue(queue);
  const letters: DeadLetter[] = [];
  if (messageCount === 0) return letters;
  await channel.prefetch(2 * ACKNOWLEDGED_AT_ONCE);
  await new Promise<void>((resolve, reject) => {
    channel.on('close', () => reject(new Error(`the channel was closed while ${queue} was read`)));
    const take = (message: ConsumeMessage | null): void => {
      if (!message) return;
      letters.push(deadLetterOf(message, plan));
      const isLast = letters.length === messageCount;
      if (isLast || letters.length % ACKNOWLEDGED_AT_ONCE === 0) channel.ack(message, true);
      if (isLast) resolve();
    };
    channel.consume(queue, take).catch(reject);
  });
  // A quorum queue forgets acknowledgements that are still under way when their channel closes. Its answer comes after them.
  if (await channel.get(queue)) throw new Error(`${queue} has more than ${messageCount} messages`);
  return letters;
}

/** Few, since a broker holds back acknowledgements when too many are under way. */
const ACKNOWLEDGED_AT_ONCE = 500;

/** A dead letter may lack its sender's headers, but never its body. */
function deadLetterOf({ properties, content }: ConsumeMessage, plan: LoadPlan): DeadLetter {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const textOf = (name: string): string | undefined => headers[name] as string | undefined;
  const number = headers[NUMBER_HEADER];
  return {
    number: typeof number === 'number' ? number : numberByPath(plan, content.toString()),
    reason: textOf('x-error-reason'),
    path: textOf('x-error-path'),
  };
}
