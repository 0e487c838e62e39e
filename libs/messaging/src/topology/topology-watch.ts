import {
  describeDifferences,
  errorText,
  isNearlyFull,
  KEPT_QUEUES,
  LogOnce,
  nearlyFullWarning,
  percentFull,
  type TopologyNames,
} from '@backup-awareness/contracts';
import type { Certificates } from '@backup-awareness/contracts/plain';
import { Logger } from '@nestjs/common';
import { type BrokerConnection } from '../connection/broker-connection.js';
import { queueDepth } from './queue-depth.js';
import { compareTopology } from './topology-differences.js';
import { missingTopology } from './topology.js';

const EVERY_MS = 60_000;
const AGAIN_WHILE_MISSING_MS = 2_000;

export interface TopologyWatchOptions {
  /** The broker's management API; with it also the configuration of all objects is verified, not only their existence. */
  readonly managementUrl?: string | undefined;
  /** Reads the certificates for it. Not optional: who forgets it is never ready where a private authority signed that of the API. */
  readonly readTls: (() => Certificates) | undefined;
  readonly vhost: string;
  readonly everyMs?: number;
}

interface Compared {
  readonly difference: string | undefined;
  readonly warnings: readonly string[];
}

const NOT_COMPARED: Compared = { difference: undefined, warnings: [] };

/**
 * Verifies what a service needs at the broker: at start, at every new connection and every minute. Declares nothing.
 *
 * While the management API does not answer, the last finding stands for one more minute.
 */
export class TopologyWatch {
  private readonly log = new Logger('topology');
  private reason: string | undefined = 'the topology has not been verified yet';
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private readonly everyMs: number;
  private comparedAtMs = -Infinity;
  private readonly unready = new LogOnce((reason) => this.log.warn(reason));
  private readonly warnings = new LogOnce((warning) => this.log.warn(warning));

  constructor(
    private readonly connection: BrokerConnection,
    private readonly names: TopologyNames,
    private readonly options: TopologyWatchOptions,
  ) {
    this.everyMs = options.everyMs ?? EVERY_MS;
  }

  unreadyReason(): string | undefined {
    return this.reason;
  }

  start(): void {
    this.connection.model.on('connect', () => this.schedule(0));
    this.schedule(0);
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(inMs: number): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    this.timer = setTimeout(() => void this.verify(), inMs);
    this.timer.unref();
  }

  private async verify(): Promise<void> {
    try {
      if (this.connection.unreadyReason() === undefined) this.setReason(await this.missing());
    } catch (error) {
      this.setReason(`cannot verify the topology: ${errorText(error)}`);
    }
    this.schedule(this.reason === undefined ? this.everyMs : AGAIN_WHILE_MISSING_MS);
  }

  private async missing(): Promise<string | undefined> {
    const missing = await missingTopology(this.connection.model, this.names);
    if (missing.length > 0)
      return `missing at the broker: ${missing.join(', ')} (backup-awareness topology apply declares it)`;
    const { difference, warnings } = await this.compare();
    this.warnings.set([...warnings, ...(await this.fullQueues())].join('; ') || undefined);
    return difference;
  }

  private async compare(): Promise<Compared> {
    const { managementUrl, readTls, vhost } = this.options;
    if (managementUrl === undefined) return NOT_COMPARED;
    try {
      const { differences, warnings } = await compareTopology(
        { url: managementUrl, tls: readTls?.() },
        vhost,
        this.names,
      );
      this.comparedAtMs = performance.now();
      const difference = describeDifferences(differences).join('; ') || undefined;
      return { difference, warnings };
    } catch (error) {
      if (performance.now() - this.comparedAtMs < 2 * this.everyMs)
        return { ...NOT_COMPARED, difference: this.reason };
      throw error;
    }
  }

  private async fullQueues(): Promise<string[]> {
    const warnings: string[] = [];
    for (const queue of this.names.queues.filter((name) => KEPT_QUEUES.includes(name))) {
      const { messages } = await queueDepth(this.connection.model, queue);
      const percent = percentFull({ messages });
      if (isNearlyFull(percent)) warnings.push(nearlyFullWarning(queue, percent));
    }
    return warnings;
  }

  private setReason(unreadyReason: string | undefined): void {
    this.unready.set(unreadyReason);
    this.reason = unreadyReason;
  }
}
