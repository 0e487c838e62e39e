import {
  createSingleProcess,
  isFree,
  programOf,
  spawnRecorded,
  type Part,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { checkout } from './checkout.js';
import type { BrokerUrls, DatabaseUrls } from './prepare.js';

export interface ServiceDefinition {
  readonly name: string;
  /** The compiled program. */
  readonly program: string;
  /** Its own variables, apart from its port. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it asks the other services how they are: it gets SERVICE_URLS. */
  readonly asksOthers?: boolean;
}

/**
 * All services, each with its own broker user and database role.
 *
 * @param forNotifier the notifier's destinations; undefined: no notifier
 */
export function serviceDefinitions(
  database: DatabaseUrls,
  broker: BrokerUrls,
  forNotifier?: Readonly<Record<string, string>>,
): readonly ServiceDefinition[] {
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
  { name, program, environment }: ServiceDefinition,
  inherited: () => Readonly<Record<string, string>>,
  onSpawn: () => void,
): Promise<Service> {
  const log = runDirectory.log(name);
  let port = await runDirectory.port(name);
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
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  const body = await response.text();
  if (response.status !== 200) throw new Error(body);
}
