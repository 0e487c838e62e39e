import { createTcpProxy } from '@backup-awareness/testing';
import {
  startPostgresql,
  startRabbitmq,
  startRabbitmqCluster,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startDestinations } from './destinations.js';
import { ensurePgbouncer } from './pgbouncer.js';
import { startStandby } from './standby.js';
import type { Installation, InstallationKind } from './installation.js';

/** What surrounds the product and is not started by `npm start` itself. */
export interface Surroundings {
  /** The variables by which `npm start` finds it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Without a proxy; absent where `npm start` has its own broker and database. */
  readonly urls?: {
    readonly amqpUrl: string;
    readonly databaseUrl: string;
    readonly managementUrl: string;
  };
  readonly publishUrl?: string;
  readonly parts: Pick<
    Installation,
    'brokerProxy' | 'databaseProxy' | 'cluster' | 'destinations' | 'standby'
  >;
  stop(): Promise<void>;
}

/** Starts what an installation of this kind needs besides `npm start`; its servers end with the run directory. */
export async function startSurroundings(
  kind: InstallationKind,
  runDirectory: RunDirectory,
): Promise<Surroundings> {
  if (kind === 'through proxies') return behindProxies(runDirectory);
  if (kind === 'cluster') return aroundCluster(runDirectory);
  if (kind === 'scaled') return scaled(runDirectory);
  if (kind === 'destinations') return withDestinations();
  return { environment: {}, parts: {}, stop: async () => undefined };
}

async function withDestinations(): Promise<Surroundings> {
  const destinations = await startDestinations();
  const { alertmanager, webhook, stop } = destinations;
  return {
    environment: { ALERTMANAGER_URLS: alertmanager.url, WEBHOOK_URL: webhook.url },
    parts: { destinations },
    stop,
  };
}

async function behindProxies(runDirectory: RunDirectory): Promise<Surroundings> {
  const { databaseUrl } = await startPostgresql(runDirectory);
  const { amqpUrl, managementUrl } = await startRabbitmq(runDirectory);
  const brokerProxy = await createTcpProxy(amqpUrl);
  const databaseProxy = await createTcpProxy(databaseUrl);
  const publishUrl = brokerProxy.urlThrough(amqpUrl);
  return {
    environment: {
      AMQP_URL: publishUrl,
      AMQP_MANAGEMENT_URL: managementUrl,
      DATABASE_URL: databaseProxy.urlThrough(databaseUrl),
    },
    urls: { amqpUrl, databaseUrl, managementUrl },
    publishUrl,
    parts: { brokerProxy, databaseProxy },
    stop: async () => {
      await brokerProxy.close();
      await databaseProxy.close();
    },
  };
}

/** All clients, including us, use the load balancer: no node is up all the time. */
async function aroundCluster(
  runDirectory: RunDirectory,
  databaseUrl?: string,
): Promise<Surroundings> {
  databaseUrl ??= (await startPostgresql(runDirectory)).databaseUrl;
  const cluster = await startRabbitmqCluster(runDirectory, 3);
  const [first, ...others] = cluster.nodes;
  const balancer = await createTcpProxy(first!.amqpUrl, ...others.map((node) => node.amqpUrl));
  const amqpUrl = balancer.urlThrough(first!.amqpUrl);
  const { managementUrl } = first!;
  return {
    environment: {
      AMQP_URL: amqpUrl,
      AMQP_MANAGEMENT_URL: managementUrl,
      DATABASE_URL: databaseUrl,
    },
    urls: { amqpUrl, databaseUrl, managementUrl },
    parts: { brokerProxy: balancer, cluster },
    stop: () => balancer.close(),
  };
}

/** A webhook that accepts everything is there so that the notifier runs. */
async function scaled(runDirectory: RunDirectory): Promise<Surroundings> {
  await ensurePgbouncer(runDirectory);
  const primary = await startPostgresql(runDirectory, { settings: { wal_keep_size: '512MB' } });
  const standby = await startStandby(runDirectory, primary);
  const around = await aroundCluster(runDirectory, standby.bothUrl);
  const webhook = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => webhook.listen(0, '127.0.0.1', resolve));
  const { port } = webhook.address() as AddressInfo;
  return {
    ...around,
    environment: { ...around.environment, WEBHOOK_URL: `http://127.0.0.1:${port}/` },
    parts: { ...around.parts, standby },
    stop: async () => {
      webhook.closeAllConnections();
      webhook.close();
      await around.stop();
    },
  };
}
