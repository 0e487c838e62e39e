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
import { countTick } from './checker-metrics.js';
import { NEVER_PROVEN, type StageInstants } from './checker-state.js';
import { eventsOf, type DecidedEngine } from './decide-engines.js';
import { LeaseLost, releaseLease, Standby, type Lease } from './lease.js';
import { OutboxRelay } from './outbox-relay.js';
import { Pause } from './pause.js';
import { tick, type TickResult } from './tick.js';

/** Twice a second, so that a backup clears its alert well within two seconds even where no hint of it comes. */
const PAUSE_MS = 500;
/** While ticks take long because very many engines have an alert, most of the time goes to publishing their events, hints or not. */
const PAUSE_MAX_MS = 1_000;
const PAUSES_PER_TICK = 4;
/** While all goes well, migrations and session settings are verified this often: they do not change by themselves. */
const VERIFY_DATABASE_EVERY_MS = 5_000;

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
  private isDeciding = false;
  private checkMs: number | undefined;
  private latestStages: StageInstants = NEVER_PROVEN;
  private verifiedUntilMs = 0;
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

  /** Whether its latest attempt to decide held the lease. */
  get isLeader(): boolean {
    return this.isDeciding;
  }

  /** How long its last check took; undefined before the first. */
  get lastCheckMs(): number | undefined {
    return this.checkMs;
  }

  /** When each stage of the path of events was last proven, as of its latest tick. */
  get stages(): StageInstants {
    return this.latestStages;
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
    this.isDeciding = false;
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
    await this.verifyDatabase();
    this.lease ??= await this.becomeLeader();
    if (!this.lease) return undefined;
    const startedAtMs = performance.now();
    const result = await tick(this.dataSource, {
      lease: this.lease,
      becameLeader: this.becameLeader,
      mayCheck: !this.becameLeader || this.backlog.isOver(),
      decidedBy: this.decidedBy,
    }).catch((error: unknown) => {
      // Administrative events are published even if the tick fails.
      this.relay.kick();
      throw error;
    });
    this.isDeciding = true;
    this.decidedBy = result.decidedBy;
    if (result.checkReason !== null) {
      this.checkMs = performance.now() - startedAtMs;
      this.checkCompleted(result, result.checkReason);
    }
    this.latestStages = result.stages;
    countTick(result);
    if (result.hadPendingEvents || hasEvents(result)) this.relay.kick();
    this.logChanges(result.decided);
    return result.unreadyReason;
  }

  private async verifyDatabase(): Promise<void> {
    if (performance.now() < this.verifiedUntilMs) return;
    await ensureDatabaseReady(this.dataSource);
    this.verifiedUntilMs = performance.now() + VERIFY_DATABASE_EVERY_MS;
  }

  private checkCompleted({ decided }: TickResult, reason: DueReason): void {
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
    if (further > 0) this.log.log(`${further} more alerts have changed: see the audit log`);
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
    this.verifiedUntilMs = 0;
    this.isDeciding = false;
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

function hasEvents({ checkReason, decided, isHeartbeat }: TickResult): boolean {
  return isHeartbeat || checkReason !== null || decided.some((one) => eventsOf(one).length > 0);
}
