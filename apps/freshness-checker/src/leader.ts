import { errorText, LogOnce } from '@backup-awareness/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDatabaseReady } from '@backup-awareness/database';
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
import { tick, type TickResult } from './tick.js';

/** Twice a second, so that a backup clears its alert well within two seconds. */
const PAUSE_MIN_MS = 500;
/** Where a tick takes long, since very many engines have an alert, it leaves most of the time to the events that say so. */
const PAUSE_MAX_MS = 1_000;
const PAUSES_PER_TICK = 4;

/** The audit log has them all; a log of ten thousand lines in one instant would only hold up what matters. */
const LOGGED_AT_ONCE_MAX = 100;

/** Leads, or stands by to lead: everything that is decided is decided here. */
@Injectable()
export class Leader implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('leader');
  private readonly stopping = new AbortController();
  private readonly backlog: Backlog;
  private readonly standby = new Standby();
  private running: Promise<void> | undefined;
  private lease: Lease | undefined;
  private becameLeader = false;
  private decidedBy: string | undefined;
  private at: string | undefined = 'not started';
  private readonly undecided = new LogOnce((reason) => this.log.warn(`no decisions: ${reason}`));

  constructor(
    private readonly dataSource: DataSource,
    private readonly relay: OutboxRelay,
    @Inject(CONSUMING) connection: BrokerConnection,
  ) {
    this.backlog = new Backlog(connection);
  }

  /** Why nothing is decided now, or undefined while this one leads or stands by. */
  trouble(): string | undefined {
    return this.at;
  }

  onApplicationBootstrap(): void {
    void this.backlog.watch(this.stopping.signal);
    this.running = this.run();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.running;
    if (this.lease) await releaseLease(this.dataSource, this.lease).catch(() => undefined);
    await this.relay.stop();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const startedAtMs = performance.now();
      try {
        this.tell(await this.leadOrStandBy());
      } catch (error) {
        this.fail(error);
      }
      const pauseMs = PAUSES_PER_TICK * (performance.now() - startedAtMs);
      const boundedMs = Math.min(PAUSE_MAX_MS, Math.max(PAUSE_MIN_MS, pauseMs));
      await sleep(boundedMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** @returns why nothing could be decided, or undefined. */
  private async leadOrStandBy(): Promise<string | undefined> {
    await ensureDatabaseReady(this.dataSource);
    this.lease ??= await this.becomeLeader();
    if (!this.lease) return undefined;
    // Administration's events go out whatever becomes of the decisions.
    this.relay.kick();
    const startedAtMs = performance.now();
    const result = await tick(this.dataSource, {
      lease: this.lease,
      becameLeader: this.becameLeader,
      mayCheck: !this.becameLeader || this.backlog.isOver(),
      decidedBy: this.decidedBy,
    });
    this.decidedBy = result.decidedBy;
    if (result.checkReason !== null) this.checked(result, result.checkReason);
    observeTick(result, performance.now() - startedAtMs);
    this.relay.kick();
    this.logChanges(result.decided);
    return result.trouble;
  }

  private checked({ decided }: TickResult, reason: DueReason): void {
    this.becameLeader = false;
    this.log.log({ msg: `check completed (${reason})`, reason, engines: decided.length });
  }

  private logChanges(decided: readonly DecidedEngine[]): void {
    const changed = decided.flatMap(({ engine, decision, runs }) =>
      [decision, ...runs.map((run) => run.decision)]
        .filter(({ outcome }) => outcome !== 'unchanged')
        .map(({ outcome, reason }) => ({ fqdn: engine.facts.fqdn, outcome, reason })),
    );
    for (const change of changed.slice(0, LOGGED_AT_ONCE_MAX))
      this.log.log({ msg: `${change.fqdn}: alert ${change.outcome}`, ...change });
    const further = changed.length - LOGGED_AT_ONCE_MAX;
    if (further > 0) this.log.log(`${further} further alerts have changed: see the audit log`);
  }

  private async becomeLeader(): Promise<Lease | undefined> {
    const lease = await this.standby.acquire(this.dataSource);
    if (!lease) return undefined;
    this.log.log(`became leader (epoch ${lease.epoch})`);
    this.becameLeader = true;
    this.decidedBy = undefined;
    return lease;
  }

  private fail(error: unknown): void {
    if (error instanceof LeaseLost) {
      this.log.warn('lost leadership');
      this.lease = undefined;
      return;
    }
    this.tell(errorText(error));
  }

  private tell(trouble: string | undefined): void {
    this.undecided.set(trouble);
    this.at = trouble;
  }
}
