import { createHash } from 'node:crypto';
import type { Delivery } from './delivery.js';

/** After this many counted tries a message becomes a dead letter. */
export const TRIES_MAX = 10;

/** Identifies a message: its queue, and the SHA-256 of what distinguishes it from others. */
export interface TriedMessage {
  readonly queue: string;
  readonly key: Buffer;
}

export interface BegunTry {
  /** How many tries were counted before this one. */
  readonly triesBefore: number;
  /** The error of one of those; null if the process died during all of them. */
  readonly lastError: string | null;
}

/**
 * Where tries are counted, for all replicas and across restarts. Each function resolves when the change is durable, and throws if it
 * cannot be made now.
 */
export interface MessageTries {
  /** Counts a try that is about to be made; it stays counted if the process dies during it. */
  begin(message: TriedMessage): Promise<BegunTry>;
  /** Records the error of a try that counts. */
  failed(message: TriedMessage, error: string): Promise<void>;
  /** Uncounts a try, since the environment was at fault. */
  takeBack(message: TriedMessage): Promise<void>;
  /** Removes the count of a message that is settled. */
  forget(message: TriedMessage): Promise<void>;
}

/** Two copies of a message count as one: they differ in nothing that could make a handler fail. */
export function triedMessage(queue: string, delivery: Delivery): TriedMessage {
  const hash = createHash('sha256');
  for (const part of [delivery.exchange, delivery.routingKey, delivery.messageId ?? ''])
    hash.update(`${Buffer.byteLength(part)}:${part}`);
  return { queue, key: hash.update(delivery.body).digest() };
}
