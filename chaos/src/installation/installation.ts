import type { TcpProxy } from '@backup-awareness/testing';
import type { RabbitmqCluster } from '@backup-awareness/local-servers';
import type { dataSourceFor } from '@backup-awareness/database';

/**
 * How the product is installed for a trouble. `one machine`: as `npm start` does it, with its own broker and database;
 * `through proxies`: a network that can fail lies between; `cluster`: three nodes of RabbitMQ behind a load balancer;
 * `small disk`: as on one machine, but the database's disk is one that can be filled.
 */
export type InstallationKind = 'one machine' | 'through proxies' | 'cluster' | 'small disk';

export const SERVICES = ['ingest', 'freshness-checker', 'audit'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** The product as it runs, and what stands around it. */
export interface Installation {
  readonly kind: InstallationKind;
  /** The compiled checkout that runs. */
  readonly checkout: string;
  /** The broker's administrator, past every proxy. */
  readonly amqpUrl: string;
  readonly managementUrl: string;
  /** The broker as hosts reach it, through the proxy where there is one. */
  readonly publishUrl: string;
  /** The database's owner, past every proxy, with the product's own time-outs. */
  readonly owner: ReturnType<typeof dataSourceFor>;
  /** The same for who has time: what is asked about all rows of a long load takes longer than a service may wait. */
  query<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** A folder of ours for as long as the installation is there. */
  readonly folder: string;
  /** The pid of one of the product's processes: a service, `rabbitmq`, `postgresql`. @throws while it does not run */
  pidOf(name: string): number;
  /** What the service says of itself at `/health/ready`. @throws where it does not answer with 200 */
  ready(name: ServiceName): Promise<void>;
  readonly brokerProxy?: TcpProxy;
  readonly databaseProxy?: TcpProxy;
  readonly cluster?: RabbitmqCluster;
  /** The folder of the file system that can be filled. */
  readonly disk?: string;
  /** Stops everything and removes its state. */
  stop(): Promise<void>;
}

/** What this machine does not let us have; says why. */
export class NotHadHere extends Error {
  override readonly name = 'NotHadHere';
}
