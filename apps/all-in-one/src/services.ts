import {
  createSingleProcess,
  httpGet,
  isFree,
  programOf,
  spawnRecorded,
  type Part,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { checkout } from './checkout.js';
import type { BrokerUrls, DatabaseUrls } from './prepare.js';
import type { StartSettings } from './settings.js';

export interface ServiceDefinition {
  readonly name: string;
  /** The compiled program. */
  readonly program: string;
  /** Its own variables, apart from its port. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it asks the other services how they are: it gets SERVICE_URLS. */
  readonly asksOthers?: boolean;
  /** Whether no event passes through it, so that no other service asks how it is. */
  readonly isAside?: boolean;
  /** Taken if it is free. */
  readonly wantedPort?: number;
}

/** The port of the console, if it is free. */
const CONSOLE_PORT = 8080;

/**
 * All services, each with its own broker user and database role.
 *
 * @param settings.forNotifier the notifier's destinations; undefined: no notifier
 */
export function serviceDefinitions(
  database: DatabaseUrls,
  broker: BrokerUrls,
  settings: Pick<StartSettings, 'forConsole' | 'forNotifier'>,
): readonly ServiceDefinition[] {
  const { forConsole, forNotifier } = settings;
  const management: Record<string, string> =
    broker.management === undefined ? {} : { AMQP_MANAGEMENT_URL: broker.management };
  return [
    {
      name: 'ingest',
      program: programOf('ingest', checkout),
      environment: {
        ...management,
        AMQP_URL: broker.ingest,
        SETTINGS_AMQP_URL: broker['ingest-settings'],
        DATABASE_URL: database.ingest,
      },
    },
    {
      name: 'freshness-checker',
      program: programOf('freshness-checker', checkout),
      environment: {
        ...management,
        AMQP_URL: broker['freshness-checker'],
        ACTIVE_ALERTS_AMQP_URL: broker['active-alerts'],
        DATABASE_URL: database.checker,
      },
    },
    {
      name: 'audit',
      program: programOf('audit', checkout),
      environment: { ...management, AMQP_URL: broker.audit, DATABASE_URL: database.audit },
    },
    ...(forNotifier === undefined
      ? []
      : [
          {
            name: 'notifier',
            program: programOf('notifier', checkout),
            environment: { ...forNotifier, DATABASE_URL: database.notifier },
            asksOthers: true,
          },
        ]),
    {
      name: 'console',
      program: programOf('console', checkout),
      environment: {
        ...forConsole,
        ...management,
        // Without users of its own it publishes no dead letter again.
        ...(broker.management === undefined
          ? {}
          : { REPLAY_AMQP_PASSWORD: decodeURIComponent(new URL(broker.replay).password) }),
        AMQP_URL: broker.console,
        DATABASE_URL: database.console,
      },
      asksOthers: true,
      isAside: true,
      wantedPort: CONSOLE_PORT,
    },
  ];
}

/**
 * Half of Node's default for young objects: an idle service needs 15 MiB less, and is no slower, since it holds little at a
 * time. deploy/Dockerfile has the same (image.spec.ts).
 */
export const NODE_FLAGS = ['--max-semi-space-size=8'];

/**
 * glibc gives freed memory back from 128 KiB on, as it does at first; without this it learns from the first large blocks that are
 * freed to keep up to 64 MiB, of which an idle service holds some 10 MiB. deploy/Dockerfile has the same.
 */
export const MEMORY_ENVIRONMENT = { MALLOC_TRIM_THRESHOLD_: '131072' };

/** A service as its own process. */
export interface Service extends Part {
  readonly name: string;
  /** Where it answers; changes after a restart, if another process has taken its port. */
  readonly url: string;
}

/** @param inherited its variables apart from its own; read at each start */

export async function createService(
  runDirectory: RunDirectory,
  { name, program, environment, wantedPort }: ServiceDefinition,
  inherited: () => Readonly<Record<string, string>>,
  onSpawn: () => void,
): Promise<Service> {
  const log = runDirectory.log(name);
  let port = await runDirectory.port(name, wantedPort);
  const part = createSingleProcess({
    title: name,
    kind: 'service',
    log,
    async spawn() {
      if (!(await isFree(port))) port = await runDirectory.port(name);
      return spawnRecorded(runDirectory.processes, {
        name,
        kind: 'service',
        command: process.execPath,
        args: [...NODE_FLAGS, program],
        env: {
          ...MEMORY_ENVIRONMENT,
          ...inherited(),
          ...environment,
          ...{ HTTP_HOST: '127.0.0.1', HTTP_PORT: String(port) },
        },
        cwd: checkout,
        log,
      });
    },
    onSpawn,
    answers: () => isReady(`http://127.0.0.1:${port}/health/ready`),
  });
  return {
    name,
    title: name,
    get pid() {
      return part.pid;
    },
    get unreadyReason() {
      return part.unreadyReason;
    },
    get url() {
      return `http://127.0.0.1:${port}`;
    },
    start: part.start,
    ended: part.ended,
    stop: () => part.stop(),
    kill: part.kill,
  };
}

async function isReady(url: string): Promise<void> {
  const { status, body } = await httpGet(url, 10_000);
  if (status !== 200) throw new Error(body);
}
