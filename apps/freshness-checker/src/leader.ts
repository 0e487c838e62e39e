import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { ensureDatabaseReady } from '@backup-awareness/database';
import {
  CONSUMING,
  describeError,
  queueDepth,
  type BrokerConnection,
} from '@backup-awareness/messaging';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { observeTick } from './checker-metrics.js';
import { acquireLease, LeaseLost, releaseLease, type Lease } from './lease.js';
import { Relay } from './relay.js';
import { tick } from './tick.js';

/** Twice a second, so that a backup clears its alert well within two seconds. */
const TICK_MS = 500;

/** How long the first check waits for ingest to work off what has come while nothing ran. */
const BACKLOG_WAIT_MS = 60_000;

/** Leads, or stands by to lead: everything that is decided is decided here. */
@Injectable()
export class Leader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('leader');
  private readonly stopping = new AbortController();
  private readonly startedAtMs = performance.now();
  private running: Promise<void> | undefined;
  private lease: Lease | undefined;
  private becameLeader = false;
  private decidedBy: string | undefined;
  private wasQueueEmpty = false;
  private wasWorkedOff = false;
  private at: string | undefined = 'not started';

  constructor(
    private readonly dataSource: DataSource,
    private readonly relay: Relay,
    @Inject(CONSUMING) private readonly connection: BrokerConnection,
  ) {}

  /** Why nothing is decided now, or undefined while this one leads or stands by. */
  trouble(): string | undefined {
    return this.at;
  }

  onApplicationBootstrap(): void {
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.relay.stop();
    if (this.lease) await releaseLease(this.dataSource, this.lease).catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.leadOrStandBy();
        this.at = undefined;
      } catch (error) {
        this.fail(error);
      }
      await sleep(TICK_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  private async leadOrStandBy(): Promise<void> {
    await ensureDatabaseReady(this.dataSource);
    this.lease ??= await this.becomeLeader();
    if (!this.lease) return;
    const result = await tick(this.dataSource, {
      lease: this.lease,
      becameLeader: this.becameLeader,
      mayCheck: !this.becameLeader || (await this.isBacklogWorkedOff()),
      decidedBy: this.decidedBy,
    });
    this.decidedBy = result.decidedBy;
    if (result.isCheck) this.becameLeader = false;
    observeTick(result);
    for (const { engine, decision } of result.decided)
      if (decision.outcome !== 'unchanged')
        this.log.log({
          msg: `${engine.facts.fqdn}: alert ${decision.outcome}`,
          fqdn: engine.facts.fqdn,
          outcome: decision.outcome,
          reason: decision.reason,
        });
    this.relay.kick();
  }

  private async becomeLeader(): Promise<Lease | undefined> {
    const lease = await acquireLease(this.dataSource);
    if (!lease) return undefined;
    this.log.log(`leads from now on (epoch ${lease.epoch})`);
    this.becameLeader = true;
    this.decidedBy = undefined;
    return lease;
  }

  /** Twice empty in a row: the last messages may be in ingest's hands and not stored yet. */
  private async isBacklogWorkedOff(): Promise<boolean> {
    if (this.wasWorkedOff || performance.now() - this.startedAtMs > BACKLOG_WAIT_MS) return true;
    if (this.connection.trouble() !== undefined) return false;
    const isEmpty = (await queueDepth(this.connection.model, INGEST_QUEUE)) === 0;
    this.wasWorkedOff = isEmpty && this.wasQueueEmpty;
    this.wasQueueEmpty = isEmpty;
    return this.wasWorkedOff;
  }

  private fail(error: unknown): void {
    if (error instanceof LeaseLost) {
      this.log.warn('leads no longer, stands by');
      this.lease = undefined;
      return;
    }
    const reason = describeError(error);
    if (this.at !== reason) this.log.warn(`nothing is decided: ${reason}`);
    this.at = reason;
  }
}
