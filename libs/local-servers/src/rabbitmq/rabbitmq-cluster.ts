import { join } from 'node:path';
import { ensureRabbitmq } from './ensure-rabbitmq.js';
import type { Part } from '../processes/part.js';
import { silentProgress } from '../output/progress.js';
import type { RabbitmqNode } from './rabbitmq-files.js';
import { prepareEpmd, prepareNode, type RabbitmqUrls } from './rabbitmq-node.js';
import type { RabbitmqOptions } from './rabbitmq.js';
import type { RunDirectory } from '../run-directory/run-directory.js';

/** A node of a cluster. Nothing restarts it when it is killed. */
export interface ClusterNode extends Part, RabbitmqUrls {
  /** Its Erlang name: `backup-awareness-2@localhost`. */
  readonly name: string;
}

export interface RabbitmqCluster {
  readonly nodes: readonly ClusterNode[];
  stop(): Promise<void>;
}

/**
 * Starts a cluster of private nodes on loopback, with one epmd and one cookie, for trials. They start one after the other, so
 * that each finds the first.
 *
 * @throws as `startRabbitmq` does, and where another process takes one of its ports in the meantime
 */
export async function startRabbitmqCluster(
  runDirectory: RunDirectory,
  size: number,
  options: RabbitmqOptions = {},
): Promise<RabbitmqCluster> {
  const { progress = silentProgress, signal } = options;
  const installation = await ensureRabbitmq(runDirectory, progress, signal);
  const home = join(runDirectory.path, 'rabbitmq');
  const numbers = Array.from({ length: size }, (_, i) => i + 1);
  const cluster = numbers.map((number) => `backup-awareness-${number}@localhost`);
  const epmdPort = await runDirectory.port('epmd');
  const epmd = prepareEpmd(runDirectory, installation, home, epmdPort);
  const nodes: ClusterNode[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    await epmd.stop();
  };
  try {
    await epmd.start(signal);
    for (const number of numbers) {
      const node: RabbitmqNode = {
        name: cluster[number - 1]!,
        folder: join(runDirectory.path, `rabbitmq-${number}`),
        home,
        logs: join(runDirectory.path, 'logs'),
        ports: {
          amqp: await runDirectory.port(`amqp-${number}`),
          management: await runDirectory.port(`management-${number}`),
          distribution: await runDirectory.port(`distribution-${number}`),
          epmd: epmdPort,
        },
        cluster,
      };
      const part = Object.assign(prepareNode(runDirectory, installation, node), {
        name: node.name,
      });
      nodes.push(part);
      await part.start(signal);
    }
    return { nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
