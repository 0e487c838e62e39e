import { join } from 'node:path';
import { ensureRabbitmq } from './ensure-rabbitmq.js';
import type { RabbitmqInstallation } from './find-rabbitmq.js';
import type { Part } from '../processes/part.js';
import { silentProgress, type Progress } from '../telling/progress.js';
import type { RabbitmqPorts } from './rabbitmq-files.js';
import { prepareEpmd, prepareNode, type RabbitmqUrls } from './rabbitmq-node.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { startOnFreePorts } from '../processes/start-on-free-ports.js';

export interface RabbitmqOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** A private RabbitMQ node that listens on loopback only, with the `epmd` that it needs. */
export interface Rabbitmq extends Part, RabbitmqUrls {
  readonly port: number;
  readonly version: string;
  /** Both by themselves, for whoever watches each of the two processes. */
  readonly node: Part;
  readonly epmd: Part;
}

/**
 * Brings up the private node of this run directory, with its queues of last time if there are any. RabbitMQ is installed
 * when the machine has none and we may. `stop` ends its epmd too.
 *
 * @throws StartFailure when there is none and it cannot be installed; EndedEarly with the end of its log
 */
export async function startRabbitmq(
  runDirectory: RunDirectory,
  options: RabbitmqOptions = {},
): Promise<Rabbitmq> {
  const installation = await ensureRabbitmq(
    runDirectory,
    options.progress ?? silentProgress,
    options.signal,
  );
  return startInstalledRabbitmq(runDirectory, installation, options);
}

/** The same, with the RabbitMQ that was found. */
export async function startInstalledRabbitmq(
  runDirectory: RunDirectory,
  installation: RabbitmqInstallation,
  options: Pick<RabbitmqOptions, 'signal'> = {},
): Promise<Rabbitmq> {
  return startOnFreePorts(
    () => prepareRabbitmq(runDirectory, installation),
    ({ ports }) => Object.values(ports),
    options.signal,
  );
}

/** The node and its epmd, not started yet. */
async function prepareRabbitmq(
  runDirectory: RunDirectory,
  installation: RabbitmqInstallation,
): Promise<Rabbitmq & { readonly ports: RabbitmqPorts }> {
  const folder = join(runDirectory.path, 'rabbitmq');
  const ports: RabbitmqPorts = {
    amqp: await runDirectory.port('amqp'),
    management: await runDirectory.port('management'),
    distribution: await runDirectory.port('distribution'),
    epmd: await runDirectory.port('epmd'),
  };
  const epmd = prepareEpmd(runDirectory, installation, folder, ports.epmd);
  const node = prepareNode(runDirectory, installation, {
    name: 'backup-awareness@localhost',
    folder,
    home: folder,
    logs: join(runDirectory.path, 'logs'),
    ports,
    cluster: [],
  });
  return {
    title: node.title,
    get pid() {
      return node.pid;
    },
    get unreadyReason() {
      return node.unreadyReason;
    },
    amqpUrl: node.amqpUrl,
    managementUrl: node.managementUrl,
    port: ports.amqp,
    ports,
    version: installation.version,
    node,
    epmd,
    async start(signal) {
      if (epmd.pid === undefined) await epmd.start(signal);
      await node.start(signal);
    },
    ended: node.ended,
    async stop() {
      await node.stop();
      await epmd.stop();
    },
    kill: node.kill,
  };
}
