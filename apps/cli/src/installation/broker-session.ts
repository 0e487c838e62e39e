import {
  AUDIT_QUEUE,
  deadLetterQueue,
  INGEST_QUEUE,
  UNROUTED_QUEUE,
} from '@backup-awareness/contracts';
import type { ChannelModel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { placeOf } from './find-installation.js';
import { reasonOf, Unreachable } from '../output/failure.js';

const CONNECT_TIMEOUT_MS = 5_000;
const HEARTBEAT_SECONDS = 5;
const CLOSE_WITHIN_MS = 2_000;

/** @throws Unreachable where the broker does not answer, or does not let us in */
export async function onBroker<T>(
  url: string,
  work: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  const { connect } = await import('amqplib');
  const connection = await connect(withHeartbeat(url), {
    timeout: CONNECT_TIMEOUT_MS,
    noDelay: true,
    clientProperties: { connection_name: 'backup-awareness' },
  }).catch((error: unknown) => {
    throw brokerUnreachable(error, url);
  });
  connection.on('error', () => undefined);
  try {
    return await work(connection);
  } finally {
    await close(connection);
  }
}

/** So that a broker that hangs is given up within seconds. */
export function withHeartbeat(url: string): string {
  const located = new URL(url);
  if (!located.searchParams.has('heartbeat'))
    located.searchParams.set('heartbeat', String(HEARTBEAT_SECONDS));
  return located.href;
}

/** A broker that hangs never answers this, nor is the promise rejected when the connection is given up. */
async function close(connection: ChannelModel): Promise<void> {
  const waiting = new AbortController();
  const tooLate = sleep(CLOSE_WITHIN_MS, undefined, { signal: waiting.signal });
  try {
    await Promise.race([connection.close(), tooLate]);
  } catch {
    // It is lost already.
  } finally {
    tooLate.catch(() => undefined);
    waiting.abort();
  }
}

export function brokerUnreachable(error: unknown, url: string): Unreachable {
  const reason = `cannot reach the broker at ${new URL(url).host}: ${reasonOf(error)}`;
  return new Unreachable(reason, { cause: error });
}

/** How many messages wait in each queue that an administrator looks at; null where the queue is missing. */
export interface QueueDepths {
  readonly ingest: number | null;
  readonly audit: number | null;
  readonly ingestDead: number | null;
  readonly auditDead: number | null;
  readonly unrouted: number | null;
}

export type BrokerView =
  | { readonly isReachable: true; readonly place: string; readonly depths: QueueDepths }
  | { readonly isReachable: false; readonly place: string; readonly reason: string };

/** Never throws: a broker that does not answer is something to tell. */
export async function viewBroker(url: string): Promise<BrokerView> {
  const place = placeOf(url);
  try {
    return { isReachable: true, place, depths: await onBroker(url, readDepths) };
  } catch (error) {
    return { isReachable: false, place, reason: reasonOf(error) };
  }
}

async function readDepths(connection: ChannelModel): Promise<QueueDepths> {
  return {
    ingest: await depth(connection, INGEST_QUEUE),
    audit: await depth(connection, AUDIT_QUEUE),
    ingestDead: await depth(connection, deadLetterQueue(INGEST_QUEUE)),
    auditDead: await depth(connection, deadLetterQueue(AUDIT_QUEUE)),
    unrouted: await depth(connection, UNROUTED_QUEUE),
  };
}

const NOT_FOUND = 404;

/** A channel for each question: the broker answers «no such queue» by closing it. */
async function depth(connection: ChannelModel, queue: string): Promise<number | null> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    const { messageCount } = await channel.checkQueue(queue);
    // Not waited for: a connection that dies in between would never answer.
    channel.close().catch(() => undefined);
    return messageCount;
  } catch (error) {
    if ((error as { code?: unknown }).code === NOT_FOUND) return null;
    throw error;
  }
}
