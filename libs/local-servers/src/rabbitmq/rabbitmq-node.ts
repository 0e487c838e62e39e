import { mkdirSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { basename } from 'node:path';
import { connect } from 'amqplib';
import type { RabbitmqInstallation } from './find-rabbitmq.js';
import { httpGet } from '../processes/http-get.js';
import type { Part } from '../processes/part.js';
import { ensureNodeData, explainEnd, recordBoot } from './rabbitmq-data.js';
import {
  ADMINISTRATOR,
  epmdEnvironment,
  rabbitmqEnvironment,
  writeRabbitmqFiles,
  type RabbitmqNode,
} from './rabbitmq-files.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { createSingleProcess } from '../processes/single-process.js';
import { spawnRecorded } from '../processes/spawn-recorded.js';

/** The URLs of a private node for its administrator. */
export interface RabbitmqUrls {
  /** Ends in `/%2F`. */
  readonly amqpUrl: string;
  /** The management API, with the administrator's name and password in it. */
  readonly managementUrl: string;
}

/** The `epmd` by which Erlang nodes find each other; not started yet. */
export function prepareEpmd(
  runDirectory: RunDirectory,
  installation: RabbitmqInstallation,
  home: string,
  port: number,
): Part {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const log = runDirectory.log('epmd');
  return createSingleProcess({
    title: 'epmd',
    kind: 'epmd',
    log,
    spawn: () =>
      spawnRecorded(runDirectory.processes, {
        name: 'epmd',
        kind: 'epmd',
        command: installation.epmd,
        args: ['-address', '127.0.0.1', '-port', String(port)],
        env: { PATH: installation.path, HOME: home, ...epmdEnvironment(port) },
        cwd: home,
        log,
      }),
    answers: () => accepts(port),
  });
}

/** A node, not started yet; it needs its epmd. Its name in logs and records is its folder's. */
export function prepareNode(
  runDirectory: RunDirectory,
  installation: RabbitmqInstallation,
  node: RabbitmqNode,
): Part & RabbitmqUrls {
  const { folder, ports } = node;
  const name = basename(folder);
  const log = runDirectory.log(name);
  const password = runDirectory.password('brokerAdministrator');
  const credentials = `${ADMINISTRATOR}:${encodeURIComponent(password)}`;
  const amqpUrl = `amqp://${credentials}@127.0.0.1:${ports.amqp}/%2F`;
  const part = createSingleProcess({
    title: node.cluster.length === 0 ? 'RabbitMQ' : `RabbitMQ ${node.name}`,
    kind: 'broker',
    log,
    spawn: () => {
      ensureNodeData(folder, installation.version);
      writeRabbitmqFiles(node, password);
      return spawnRecorded(runDirectory.processes, {
        name,
        kind: 'broker',
        command: installation.server,
        args: [],
        env: rabbitmqEnvironment(node, installation.path),
        cwd: folder,
        log,
      });
    },
    answers: async () => {
      await brokerAnswers(amqpUrl, ports.management, credentials);
      recordBoot(folder, installation.version);
    },
  });
  const start = part.start;
  return Object.assign(part, {
    start: async (signal?: AbortSignal) => {
      try {
        await start(signal);
      } catch (error) {
        throw explainEnd(error, folder, installation.version);
      }
    },
    amqpUrl,
    managementUrl: `http://${credentials}@127.0.0.1:${ports.management}`,
  });
}

/** Both are asked, because the management plugin starts last. */
async function brokerAnswers(
  amqpUrl: string,
  managementPort: number,
  credentials: string,
): Promise<void> {
  const whoAmI = `http://${credentials}@127.0.0.1:${managementPort}/api/whoami`;
  const { status } = await httpGet(whoAmI, 2_000);
  if (status !== 200) throw new Error(`the management API answers ${status}`);
  const connection = await connect(amqpUrl, { timeout: 2_000 });
  connection.on('error', () => undefined);
  await connection.close();
}

function accepts(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connectTcp({ port, host: '127.0.0.1' });
    socket.setTimeout(1_000, () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
