import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { ensureRabbitmq } from './ensure-rabbitmq.js';
import type { RabbitmqInstallation } from './find-rabbitmq.js';
import type { Part } from './part.js';
import { silentProgress, type Progress } from './progress.js';
import {
  ADMINISTRATOR,
  epmdEnvironment,
  rabbitmqEnvironment,
  writeRabbitmqFiles,
  type RabbitmqPorts,
} from './rabbitmq-files.js';
import type { RunDirectory } from './run-directory.js';
import { createSingleProcess } from './single-process.js';
import { spawnRecorded } from './spawn-recorded.js';
import { startOnFreePorts } from './start-on-free-ports.js';

export interface RabbitmqOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/** A private RabbitMQ node that listens on loopback only, with the `epmd` that it needs. */
export interface Rabbitmq extends Part {
  /** The administrator's, ending in `/%2F`. */
  readonly amqpUrl: string;
  /** The management API, with the administrator's name and password in it. */
  readonly managementUrl: string;
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
  const log = runDirectory.log('rabbitmq');
  const logs = join(runDirectory.path, 'logs');
  const ports: RabbitmqPorts = {
    amqp: await runDirectory.port('amqp'),
    management: await runDirectory.port('management'),
    distribution: await runDirectory.port('distribution'),
    epmd: await runDirectory.port('epmd'),
  };
  const password = runDirectory.password('brokerAdministrator');
  const credentials = `${ADMINISTRATOR}:${encodeURIComponent(password)}`;
  const amqpUrl = `amqp://${credentials}@127.0.0.1:${ports.amqp}/%2F`;
  const managementUrl = `http://${credentials}@127.0.0.1:${ports.management}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const epmdLog = runDirectory.log('epmd');
  const epmd = createSingleProcess({
    title: 'epmd',
    kind: 'epmd',
    log: epmdLog,
    spawn: () =>
      spawnRecorded(runDirectory.processes, {
        name: 'epmd',
        kind: 'epmd',
        command: installation.epmd,
        args: ['-address', '127.0.0.1', '-port', String(ports.epmd)],
        env: { PATH: installation.path, HOME: folder, ...epmdEnvironment(ports.epmd) },
        cwd: folder,
        log: epmdLog,
      }),
    answers: () => accepts(ports.epmd),
  });

  const bootedBefore = join(folder, 'booted');
  const node = createSingleProcess({
    title: 'RabbitMQ',
    kind: 'broker',
    log,
    spawn: () => {
      // A first boot that was cut off leaves data that no boot accepts; nothing can have been stored in it.
      if (!existsSync(bootedBefore)) rmSync(join(folder, 'data'), { recursive: true, force: true });
      writeRabbitmqFiles(folder, ports, password);
      return spawnRecorded(runDirectory.processes, {
        name: 'rabbitmq',
        kind: 'broker',
        command: installation.server,
        args: [],
        env: rabbitmqEnvironment(folder, logs, ports, installation.path),
        cwd: folder,
        log,
      });
    },
    answers: async () => {
      await brokerAnswers(amqpUrl, ports.management, credentials);
      writeFileSync(bootedBefore, '', { mode: 0o600 });
    },
  });

  return {
    title: node.title,
    get pid() {
      return node.pid;
    },
    get trouble() {
      return node.trouble;
    },
    amqpUrl,
    managementUrl,
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

/** Its management plugin starts last, so both are asked. */
async function brokerAnswers(
  amqpUrl: string,
  managementPort: number,
  credentials: string,
): Promise<void> {
  const { status } = await fetch(`http://127.0.0.1:${managementPort}/api/whoami`, {
    headers: {
      authorization: `Basic ${Buffer.from(decodeURIComponent(credentials)).toString('base64')}`,
    },
    signal: AbortSignal.timeout(2_000),
  });
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
