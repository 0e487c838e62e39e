import { QUEUES } from '@backup-awareness/contracts/plain';
import type { QueueDepth } from '@backup-awareness/messaging/session';

export interface QueueLook {
  readonly name: string;
  /** Null if there is no such queue. */
  readonly messages: number | null;
  readonly consumers: number | null;
}

/** Looks at all our queues, on an open connection. @throws if it is lost */
export async function lookAtQueues(
  connection: Parameters<typeof import('@backup-awareness/messaging/session').queueDepthIfThere>[0],
): Promise<QueueLook[]> {
  const { queueDepthIfThere } = await import('@backup-awareness/messaging/session');
  return Promise.all(
    QUEUES.map(async ({ name }) => {
      const depth: QueueDepth | null = await queueDepthIfThere(connection, name);
      return { name, messages: depth?.messages ?? null, consumers: depth?.consumers ?? null };
    }),
  );
}
