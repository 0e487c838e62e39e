import { createHash } from 'node:crypto';
import type { Delivery } from './delivery.js';

/** From this many counted tries on a message is tried no more. */
export const TRIES_MAX = 10;

/** Which message was tried: the queue that gave it, and the SHA-256 of all by which it is told from others. */
export interface TriedMessage {
  readonly queue: string;
  readonly key: Buffer;
}

export interface BegunTry {
  /** How many tries counted before this one. */
  readonly triesBefore: number;
  /** What one of those ended with; null where the process died in all of them. */
  readonly lastError: string | null;
}

/**
 * Where the tries of messages are counted: every replica and every restart has to see the same. Each function resolves when that is
 * durable, and throws where it cannot be done now.
 */
export interface MessageTries {
  /** Counts a try that is about to be made; if the process dies in it, it stays counted. */
  begin(message: TriedMessage): Promise<BegunTry>;
  /** Keeps what a try that counts has ended with. */
  failed(message: TriedMessage, error: string): Promise<void>;
  /** The try does not count: the environment was at fault. */
  takeBack(message: TriedMessage): Promise<void>;
  /** It is known what became of the message. */
  forget(message: TriedMessage): Promise<void>;
}

/** Two copies of one message are one: they differ in nothing that a handler could fail over. */
export function triedMessage(queue: string, delivery: Delivery): TriedMessage {
  const hash = createHash('sha256');
  for (const part of [delivery.exchange, delivery.routingKey, delivery.messageId ?? ''])
    hash.update(`${Buffer.byteLength(part)}:${part}`);
  return { queue, key: hash.update(delivery.body).digest() };
}
