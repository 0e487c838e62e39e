import { setTimeout as sleep } from 'node:timers/promises';
import {
  errorText,
  ENGINE_BACKUP_EXCHANGE,
  PROBES,
  type Probe,
  LogOnce,
} from '@backup-awareness/contracts';
import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { virtualHostOf, type BrokerConnection } from './broker-connection.js';
import { brokerUserName } from './broker-users.js';
import { PROBE, tryAgain, type Delivery, type Outcome } from './delivery.js';
import type { Publisher } from './publisher.js';
import { queueDepth } from './queue-depth.js';

/** Where arrivals of probes are counted, for all replicas. */
export interface Passages {
  /** How many probes have arrived in the queue so far, by routing key. */
  read(queue: string): Promise<ReadonlyMap<string, number>>;
  record(queue: string, routingKeys: readonly string[]): Promise<void>;
}

export interface PassageWatchOptions {
  readonly queue: string;
  readonly url: string;
  readonly connection: BrokerConnection;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly passages: Passages;
  /** Why nothing can pass now for another reason, or undefined. Meanwhile the last verdict stands. */
  readonly unreadyReason: () => string | undefined;
  readonly everyMs?: number;
}

const EVERY_MS = 15_000;
/** Probes that do not arrive must not pile up, but a repair must be noticed within a minute. */
const SLOWEST = 4;
/** A single probe may be held by another replica, which requeues it. */
const LOST_AFTER = 2;
const QUICK_LOOKS = 5;
const QUICK_LOOK_MS = 200;
const BODY = Buffer.from('A probe of backup-awareness, which proves that reports arrive.\n');

const ROUTING_KEYS: ReadonlySet<string> = new Set(PROBES.map(({ routingKey }) => routingKey));

interface ProbeState {
  /** How many had arrived at the last look. */
  seen: number | undefined;
  isProven: boolean;
  isInFlight: boolean;
  missed: number;
  refusal: string | undefined;
}

/**
 * Proves that a report would reach the queue: sends probes the way that reports travel, and checks that they arrive. A probe that is
 * missing twice in a row while the queue is empty makes the service not ready; a backlog only delays probes.
 */
export class PassageWatch implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('passage');
  private readonly probeStates = new Map<Probe, ProbeState>(
    PROBES.map((probe) => [
      probe,
      { seen: undefined, isProven: false, isInFlight: false, missed: 0, refusal: undefined },
    ]),
  );
  private readonly stopping = new AbortController();
  private readonly senders: ReadonlySet<string>;
  private hasBacklog = false;
  private readonly unproven = new LogOnce((reason) => this.log.warn(reason));

  constructor(private readonly options: PassageWatchOptions) {
    const vhost = virtualHostOf(options.url);
    this.senders = new Set([
      brokerUserName(vhost, 'ingest'),
      brokerUserName(vhost, 'audit'),
      options.connection.user,
    ]);
  }

  onApplicationBootstrap(): void {
    void this.run();
  }

  /** Does not wait for a probe in flight: a broker that hangs must not keep the consumer from stopping. */
  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  /** Which reports do not reach the queue, or undefined. */
  unreadyReason(): string | undefined {
    const all = [...this.probeStates];
    const lost = all.filter(([, { missed }]) => missed >= LOST_AFTER);
    if (lost.length > 0) return lost.map(([probe, it]) => this.describeLost(probe, it)).join('; ');
    const isOpen = !this.hasBacklog && all.some(([, { isProven }]) => !isProven);
    return isOpen ? `it is not proven yet that reports reach ${this.options.queue}` : undefined;
  }

  /** Records the probes in a batch, and has the rest handled. */
  async handle(
    batch: readonly Delivery[],
    handle: (reports: readonly Delivery[]) => Promise<readonly Outcome[]>,
  ): Promise<readonly Outcome[]> {
    const isProbe = batch.map((delivery) => this.isProbe(delivery));
    if (!isProbe.includes(true)) return handle(batch);
    const probes = batch.filter((_, i) => isProbe[i]);
    const reports = batch.filter((_, i) => !isProbe[i]);
    const [recorded, outcomes] = await Promise.all([
      this.record(probes),
      reports.length === 0 ? [] : handle(reports),
    ]);
    let next = 0;
    return isProbe.map((it) => (it ? recorded : outcomes[next++]!));
  }

  /** Hot: the routing key rules out nearly every message. From another sender it is an ordinary message. */
  private isProbe({ routingKey, exchange, userId }: Delivery): boolean {
    return (
      ROUTING_KEYS.has(routingKey) &&
      exchange === ENGINE_BACKUP_EXCHANGE &&
      userId !== undefined &&
      this.senders.has(userId)
    );
  }

  private async record(probes: readonly Delivery[]): Promise<Outcome> {
    const { passages, queue } = this.options;
    try {
      await passages.record(
        queue,
        probes.map(({ routingKey }) => routingKey),
      );
      return PROBE;
    } catch (error) {
      return tryAgain(errorText(error));
    }
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const isWorking = this.options.unreadyReason() === undefined;
      if (isWorking) {
        try {
          await this.look();
          await this.send();
          await this.lookQuickly();
        } catch (error) {
          this.log.debug(`cannot check the passage: ${errorText(error)}`);
        }
        this.unproven.set(this.unreadyReason());
      }
      await this.wait(isWorking ? this.pauseMs() : QUICK_LOOK_MS);
    }
  }

  /** Reads the depth first: what was consumed before the queue was empty has been recorded by now. */
  private async look(): Promise<void> {
    const { connection, passages, queue } = this.options;
    this.hasBacklog = (await queueDepth(connection.model, queue)).messages > 0;
    const arrivals = await passages.read(queue);
    for (const [{ routingKey }, state] of this.probeStates) {
      const count = arrivals.get(routingKey) ?? 0;
      if (arrived(state, count) || !state.isInFlight) continue;
      if (!this.hasBacklog || state.refusal !== undefined) state.missed++;
    }
  }

  private async send(): Promise<void> {
    for (const [{ routingKey }, state] of this.probeStates) {
      state.isInFlight = true;
      state.refusal = undefined;
      const message = { exchange: ENGINE_BACKUP_EXCHANGE, routingKey, body: BODY };
      await this.options.publisher
        .publish({ ...message, options: { contentType: 'text/plain' } })
        .catch((error: unknown) => (state.refusal = errorText(error)));
    }
  }

  /** Notices a quick arrival quickly: at the start, and after a repair. */
  private async lookQuickly(): Promise<void> {
    const { passages, queue } = this.options;
    for (let i = 0; i < QUICK_LOOKS && this.isWaiting(); i++) {
      await this.wait(QUICK_LOOK_MS);
      const arrivals = await passages.read(queue);
      for (const [{ routingKey }, state] of this.probeStates)
        arrived(state, arrivals.get(routingKey) ?? 0);
    }
  }

  private isWaiting(): boolean {
    if (this.stopping.signal.aborted) return false;
    return [...this.probeStates.values()].some(({ isInFlight }) => isInFlight);
  }

  private pauseMs(): number {
    const missed = Math.max(...[...this.probeStates.values()].map((it) => it.missed));
    const times = missed < LOST_AFTER ? 1 : Math.min(2 ** (missed - LOST_AFTER), SLOWEST);
    return times * (this.options.everyMs ?? EVERY_MS);
  }

  private async wait(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  private describeLost({ bindingKey, routingKey }: Probe, { refusal }: ProbeState): string {
    return refusal === undefined
      ? `reports published with ${bindingKey} do not reach ${this.options.queue} (binding missing? backup-awareness topology apply)`
      : `cannot publish ${routingKey} to ${ENGINE_BACKUP_EXCHANGE}: ${refusal} (backup-awareness topology apply --management-url URL)`;
  }
}

/** Updates the state; true if a probe has arrived since the last look. */
function arrived(state: ProbeState, count: number): boolean {
  const hasArrived = state.seen !== undefined && count !== state.seen;
  state.seen = count;
  if (!hasArrived) return false;
  Object.assign(state, { isProven: true, isInFlight: false, missed: 0, refusal: undefined });
  return true;
}
