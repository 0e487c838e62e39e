import { errorText, LogOnce } from '@backup-awareness/contracts';
import { ensureDatabaseReady, listenForSuccesses } from '@backup-awareness/database';
import type { DueReason } from '@backup-awareness/freshness';
import { CONSUMING, type BrokerConnection } from '@backup-awareness/messaging';
import {
  Inject,
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Backlog } from './backlog.js';
import { observeTick } from './checker-metrics.js';
import type { DecidedEngine } from './decide-engines.js';
import { LeaseLost, releaseLease, Standby, type Lease } from './lease.js';
import { OutboxRelay } from './outbox-relay.js';
import { Pause } from './pause.js';
import { tick, type TickResult } from './tick.js';

/** Twice a second, so that a backup clears its alert well within two seconds even where no hint of it comes. */
const PAUSE_MS = 500;
/** Where a tick takes long, since very many engines have an alert, it leaves most of the time to the events that say so; hints, too. */
const PAUSE_MAX_MS = 1_000;
const PAUSES_PER_TICK = 4;

/** The audit log has all of them; ten thousand log lines at once would only delay what matters. */
const LOGGED_AT_ONCE_MAX = 100;

/** Leader or standby; makes all decisions while it is the leader. */
@Injectable()
export class Leader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('leader');
  private readonly stopping = new AbortController();
  private readonly backlog: Backlog;
  private readonly standby = new Standby();
  private readonly pause = new Pause();
  private running: Promise<void> | undefined;
  private listening: Promise<void> | undefined;
  private lease: Lease | undefined;
  private becameLeader = false;
  private decidedBy: string | undefined;
  private reason: string | undefined = 'not started';
  private readonly undecided = new LogOnce((reason) => this.log.warn(`no decisions: ${reason}`));

  constructor(
    private readonly dataSource: DataSource,
    private readonly relay: OutboxRelay,
    @Inject(CONSUMING) connection: BrokerConnection,
  ) {
    this.backlog = new Backlog(connection);
  }

  /** Why no decisions are made now; undefined while this is the leader or a standby. */
  unreadyReason(): string | undefined {
    return this.reason;
  }

  onApplicationBootstrap(): void {
    const { signal } = this.stopping;
    void this.backlog.watch(signal);
    this.listening = listenForSuccesses(this.dataSource, () => this.pause.end(), signal);
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.running, this.listening]);
    if (this.lease) await releaseLease(this.dataSource, this.lease).catch(() => undefined);
    await this.relay.stop();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const startedAtMs = performance.now();
      try {
        this.setUnreadyReason(await this.leadOrStandBy());
      } catch (error) {
        this.failed(error);
      }
      const tickMs = performance.now() - startedAtMs;
      const shortestMs = Math.min(PAUSE_MAX_MS, PAUSES_PER_TICK * tickMs);
      await this.pause.last(shortestMs, Math.max(PAUSE_MS, shortestMs), signal);
    }
  }

  /** @returns why nothing could be decided, or undefined. */
  private async leadOrStandBy(): Promise<string | undefined> {
    await ensureDatabaseReady(this.dataSource);
    this.lease ??= await this.becomeLeader();
    if (!this.lease) return undefined;
    // Publishes administrative events even if the tick fails.
    this.relay.kick();
    const startedAtMs = performance.now();
    const result = await tick(this.dataSource, {
      lease: this.lease,
      becameLeader: this.becameLeader,
      mayCheck: !this.becameLeader || this.backlog.isOver(),
      decidedBy: this.decidedBy,
    });
    this.decidedBy = result.decidedBy;
    if (result.checkReason !== null) this.checkCompleted(result, result.checkReason);
    observeTick(result, performance.now() - startedAtMs);
    this.relay.kick();
    this.logChanges(result.decided);
    return result.unreadyReason;
  }

  private checkCompleted({ decided }: TickResult, reason: DueReason): void {
    this.becameLeader = false;
    this.log.log({ msg: `check completed (${reason})`, reason, engines: decided.length });
  }

  private logChanges(decided: readonly DecidedEngine[]): void {
    const changed = decided.filter(({ decision }) => decision.outcome !== 'unchanged');
    for (const { engine, decision } of changed.slice(0, LOGGED_AT_ONCE_MAX))
      this.log.log({
        msg: `${engine.facts.fqdn}: alert ${decision.outcome}`,
        fqdn: engine.facts.fqdn,
        outcome: decision.outcome,
        reason: decision.reason,
      });
    const further = changed.length - LOGGED_AT_ONCE_MAX;
    if (further > 0)
      this.log.log(`the alerts of ${further} more engines have changed: see the audit log`);
  }

  private async becomeLeader(): Promise<Lease | undefined> {
    const lease = await this.standby.acquire(this.dataSource);
    if (!lease) return undefined;
    this.log.log(`became leader (epoch ${lease.epoch})`);
    this.becameLeader = true;
    this.decidedBy = undefined;
    return lease;
  }

  private failed(error: unknown): void {
    if (error instanceof LeaseLost) {
      this.log.warn('lost leadership');
      this.lease = undefined;
      return;
    }
    this.setUnreadyReason(errorText(error));
  }

  private setUnreadyReason(unreadyReason: string | undefined): void {
    this.undecided.set(unreadyReason);
    this.reason = unreadyReason;
  }
}
