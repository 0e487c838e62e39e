import type { TcpProxy } from '@backup-awareness/testing';
import type { Destinations } from './destinations.js';
import type { RabbitmqCluster } from '@backup-awareness/local-servers';
import type { Standby } from './standby.js';
import type { dataSourceFor } from '@backup-awareness/database';

/**
 * How the product is installed for a trouble. `one machine`: by `npm start`, with its own broker and database; `through proxies`:
 * with a network in between that can fail; `cluster`: with three RabbitMQ nodes behind a load balancer; `small disk`: as on one
 * machine, with a disk for the database that can be filled; `destinations`: as on one machine, with an Alertmanager and a webhook; `scaled`: with
 * three RabbitMQ nodes, and a PostgreSQL with a standby.
 */
export type InstallationKind =
  'one machine' | 'through proxies' | 'cluster' | 'small disk' | 'destinations' | 'scaled';

export const SERVICES = ['ingest', 'freshness-checker', 'audit'] as const;
export type ServiceName = (typeof SERVICES)[number] | 'notifier';

/** The running product and its surroundings. */
export interface Installation {
  readonly kind: InstallationKind;
  /** The compiled checkout that runs. */
  readonly checkout: string;
  /** The broker as its administrator, without a proxy. */
  readonly amqpUrl: string;
  readonly managementUrl: string;
  /** The broker as hosts reach it, through the proxy if there is one. */
  readonly publishUrl: string;
  /** The database as its owner, without a proxy, with the product's own time-outs. */
  readonly owner: ReturnType<typeof dataSourceFor>;
  /** The same without time-outs: a query over all rows of a long load takes longer than a service may wait. */
  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** A folder that exists as long as the installation. */
  readonly folder: string;
  /** The pid of a process of the product: a service, `rabbitmq` or `postgresql`. @throws while it does not run */
  pidOf(name: string): number;
  /** Resolves if `/health/ready` of the service answers with 200. @throws otherwise */
  ready(name: ServiceName): Promise<void>;
  readonly brokerProxy?: TcpProxy;
  readonly databaseProxy?: TcpProxy;
  readonly cluster?: RabbitmqCluster;
  readonly destinations?: Destinations;
  /** The database's standby. */
  readonly standby?: Standby;
  /** The folder of the file system that can be filled. */
  readonly disk?: string;
  /** Stops everything and removes its state. */
  stop(): Promise<void>;
}

/** This machine cannot have such an installation; the message says why. */
export class NotAvailable extends Error {
  override readonly name = 'NotAvailable';
}
