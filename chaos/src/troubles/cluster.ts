import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { eventually } from '@backup-awareness/testing';
import type { ClusterNode, RabbitmqCluster } from '@backup-awareness/local-servers';
import { brokerApi } from '../installation/broker-api.js';
import { allReady, recovered } from './recovery.js';
import type { Trouble } from './trouble.js';

/**
 * Of three nodes, the leader of ingest's queue is killed and restarted. The recovery counts from the kill, with that node still
 * down.
 */
export const cluster: Trouble = {
  name: 'cluster',
  what: 'SIGKILL of the queue’s leader among three nodes',
  installation: 'cluster',
  times: { full: 10, short: 0 },
  async make({ installation, load, times, draws }) {
    if (!installation.cluster) throw new Error('there is no cluster');
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      await sleep(draws.integer(500, 2_000));
      const leader = await eventually(() => wholeQueuesLeader(installation.cluster!), 120_000);
      leader.kill();
      await leader.ended();
      recoveriesMs.push(await recovered({ installation, load }));
      await sleep(draws.integer(0, 2_000));
      await leader.start();
      await allReady(installation);
    }
    await eventually(() => wholeQueuesLeader(installation.cluster!), 120_000);
    return { times, recoveriesMs };
  },
};

/** @throws while a member of the queue is missing: it would not survive the loss of another one */
export async function wholeQueuesLeader({ nodes }: RabbitmqCluster): Promise<ClusterNode> {
  const { leader, online } = await brokerApi<{ leader?: string; online?: readonly string[] }>(
    nodes[0]!.managementUrl,
    `queues/%2F/${INGEST_QUEUE}`,
  );
  const found = nodes.find(({ name }) => name === leader);
  if (found && online?.length === nodes.length) return found;
  throw new Error(`the queue's leader is ${leader}, and its members are ${online?.join(', ')}`);
}
