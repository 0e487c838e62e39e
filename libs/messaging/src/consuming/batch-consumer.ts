import { setTimeout as sleep } from 'node:timers/promises';
import { errorText, LogOnce } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import type { Channel } from 'amqplib';
import { BatchWork, type BatchWorkOptions } from './batch-work.js';
import type { BrokerConnection } from '../connection/broker-connection.js';
import { brokerUserName } from '../topology/broker-users.js';
import { nextState, type ConsumerEvent, type ConsumerState } from './consumer-state.js';
import { Consumption } from './consumption.js';
import { Prefetch } from './prefetch.js';
import { Suspicion } from '../dead-letters/suspicion.js';

export interface BatchConsumerOptions extends BatchWorkOptions {
  readonly connection: BrokerConnection;
}

const PAUSE_MIN_MS = 200;
const PAUSE_MAX_MS = 5_000;

/** Keeps one queue consumed: probes the environment, consumes while it is fit, and pauses with back-off while it is not. */
export class BatchConsumer {
  private readonly log: Logger;
  private readonly paused: LogOnce;
  private readonly suspicion = new Suspicion();
  private readonly prefetch = new Prefetch();
  private readonly work: BatchWork;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private state: ConsumerState = 'probing';
  private pauseMs = PAUSE_MIN_MS;
  private reason: string | undefined = 'not started';

  constructor(private readonly options: BatchConsumerOptions) {
    this.log = new Logger(options.queue);
    this.paused = new LogOnce((reason) => this.log.warn(`paused: ${reason}`));
    const onSettled: BatchWorkOptions['onSettled'] = (outcomes, durationMs) => {
      this.pauseMs = PAUSE_MIN_MS;
      options.onSettled?.(outcomes, durationMs);
    };
    this.work = new BatchWork({ ...options, onSettled }, this.suspicion);
  }

  /** Why the queue is not consumed now, or undefined while it is. */
  unreadyReason(): string | undefined {
    return this.reason;
  }

  start(): void {
    this.running = this.run();
  }

  /** Stops consuming: finishes the batches in work and requeues the rest. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    this.reason = 'stopped';
  }

  private on(event: ConsumerEvent): void {
    this.state = nextState(this.state, event);
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      try {
        await this.options.probe();
        const channel = await this.unlessStopping(this.options.connection.model.createChannel());
        if (!channel) return;
        this.on('fit');
        await this.consumption(channel).run();
      } catch (error) {
        this.on('fault');
        await this.pause(errorText(error));
        this.on('pause_over');
      }
    }
  }

  private consumption(channel: Channel): Consumption {
    const { queue, connection } = this.options;
    return new Consumption({
      channel,
      queue,
      replayUser: brokerUserName(connection.vhost, 'replay'),
      work: this.work,
      suspicion: this.suspicion,
      prefetch: this.prefetch,
      signal: this.stopping.signal,
      state: () => this.state,
      on: (event) => this.on(event),
      onConsuming: () => this.resumed(),
    });
  }

  private resumed(): void {
    if (this.reason !== undefined) this.log.log('consuming');
    this.reason = undefined;
    this.paused.set(undefined);
  }

  private async pause(reason: string): Promise<void> {
    const { signal } = this.stopping;
    if (signal.aborted) return;
    this.paused.set(reason);
    this.reason = reason;
    await sleep(this.pauseMs, undefined, { signal }).catch(() => undefined);
    this.pauseMs = Math.min(this.pauseMs * 2, PAUSE_MAX_MS);
  }

  private async unlessStopping<T>(work: Promise<T>): Promise<T | undefined> {
    const { signal } = this.stopping;
    if (signal.aborted) return undefined;
    let onAbort: () => void;
    const aborted = new Promise<undefined>((resolve) => {
      onAbort = () => resolve(undefined);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    work.catch(() => undefined);
    return Promise.race([work, aborted]).finally(() =>
      signal.removeEventListener('abort', onAbort),
    );
  }
}
