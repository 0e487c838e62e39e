import type { Channel, ChannelModel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { closeChannel } from '../connection/close-channel.js';

/** An exclusive queue: it exists as long as the connection of the administrator who works with the dead letters. */
export const DEAD_LETTERS_LOCK = 'backup-awareness.dead-letters-lock';

/** Another administrator works with the dead letters. */
export class DeadLettersInUse extends Error {
  override readonly name = 'DeadLettersInUse';
}

const RESOURCE_LOCKED = 405;
const WAIT_MS = 30_000;
const ASK_AGAIN_MS = 250;
/** If the other one was lost, the broker unlocks the lock at once and requeues its letters a moment later. */
const REQUEUE_MS = 500;

/**
 * Does `work` while no other administrator reads the dead letters: another would not find what one has taken. The broker
 * ends the lock with the connection, and then also requeues what was taken.
 *
 * @param waitMs how long to wait for another administrator
 * @throws DeadLettersInUse if that is not long enough, or what `work` throws
 */
export async function underDeadLettersLock<T>(
  connection: ChannelModel,
  work: () => Promise<T>,
  waitMs = WAIT_MS,
): Promise<T> {
  const deadline = performance.now() + waitMs;
  let lock = await tryLock(connection);
  const hasWaited = lock === undefined;
  while (!lock) {
    if (performance.now() >= deadline)
      throw new DeadLettersInUse(
        'another administrator is working with the dead letters: try again later',
      );
    await sleep(ASK_AGAIN_MS);
    lock = await tryLock(connection);
  }
  try {
    if (hasWaited) await sleep(REQUEUE_MS);
    return await work();
  } finally {
    await unlock(lock);
  }
}

async function tryLock(connection: ChannelModel): Promise<Channel | undefined> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    await channel.assertQueue(DEAD_LETTERS_LOCK, { exclusive: true, durable: false });
    return channel;
  } catch (error) {
    if ((error as { code?: unknown }).code === RESOURCE_LOCKED) return undefined;
    throw error;
  }
}

/** If the connection is lost, the broker has unlocked it. */
async function unlock(channel: Channel): Promise<void> {
  await channel.deleteQueue(DEAD_LETTERS_LOCK).catch(() => undefined);
  await closeChannel(channel);
}
