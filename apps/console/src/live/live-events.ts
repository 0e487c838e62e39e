import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  CONSOLE_QUEUES,
  ENGINE_BACKUP_EXCHANGE,
  errorText,
  LogOnce,
  REPORT_NAMES,
} from '@backup-awareness/contracts';
import {
  brokerUserName,
  deliveryOf,
  eventsBrokerUser,
  openOwnQueue,
  type BrokerConnection,
  type OwnQueue,
} from '@backup-awareness/messaging';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { Announcer } from './announcer.js';
import { hintOf } from './hint.js';
import { RESYNC } from './live-event.js';
import { Streams } from './streams.js';
import { SystemChanges } from './system-changes.js';
import type { SystemReader } from '../system/system-reader.js';
import { readVisibility } from './visible-hints.js';

const BINDINGS = [
  ...REPORT_NAMES.map((name) => ({ exchange: ENGINE_BACKUP_EXCHANGE, routingKey: `${name}.#` })),
  { exchange: ALERTS_EXCHANGE, routingKey: '#' },
  { exchange: ADMINISTRATION_EXCHANGE, routingKey: '#' },
];

const LOOK_MS = 50;
const SYSTEM_MS = 3_000;
/** The process was stopped for so long that the broker may have dropped messages. */
const STALLED_MS = 5_000;
/** So that a client that connects again after a moment can resume. */
const LINGER_MS = 60_000;

/** The live events of this replica: subscribed to while somebody listens, and announced to all streams. */
export class LiveEvents {
  readonly streams = new Streams({ onListeners: (isAnybody) => this.onListeners(isAnybody) });
  private readonly announcer: Announcer;
  private readonly log = new Logger('live events');
  private readonly failure = new LogOnce((reason) => this.log.warn(reason));
  private queue: OwnQueue | undefined;
  private timer: NodeJS.Timeout | undefined;
  private watching: NodeJS.Timeout | undefined;
  private linger: NodeJS.Timeout | undefined;
  private lookedAt = performance.now();
  private isLooking = false;

  constructor(
    private readonly connection: BrokerConnection,
    db: DataSource,
    private readonly system: Pick<SystemReader, 'read'>,
  ) {
    this.announcer = new Announcer({
      look: (hints) => readVisibility(db, hints),
      announce: (event) => this.streams.send(event),
    });
  }

  async close(): Promise<void> {
    this.streams.close();
    clearTimeout(this.linger);
    await this.unsubscribe();
  }

  private onListeners(isAnybody: boolean): void {
    clearTimeout(this.linger);
    if (isAnybody) this.subscribe();
    else this.linger = setTimeout(() => void this.unsubscribe(), LINGER_MS).unref();
  }

  private subscribe(): void {
    if (this.queue) return;
    const { connection } = this;
    const eventsUser = eventsBrokerUser(connection, 'console');
    const replayUser = brokerUserName(connection.vhost, 'replay');
    this.lookedAt = performance.now();
    this.timer = setInterval(() => void this.look(), LOOK_MS).unref();
    const changes = new SystemChanges();
    const watch = () =>
      this.system.read().then(
        (document) => changes.since(document).forEach((event) => this.streams.send(event)),
        (error: unknown) => this.log.error(error),
      );
    this.watching = setInterval(() => void watch(), SYSTEM_MS).unref();
    void watch();
    this.queue = openOwnQueue(connection, {
      prefix: CONSOLE_QUEUES,
      bindings: BINDINGS,
      onMessage: (message) =>
        this.announcer.add(
          () => hintOf(deliveryOf(message, replayUser), eventsUser),
          message.fields.exchange === ENGINE_BACKUP_EXCHANGE,
        ),
      // What was published before is not known.
      onBegin: () => this.streams.send(RESYNC),
    });
  }

  private async unsubscribe(): Promise<void> {
    clearInterval(this.timer);
    clearInterval(this.watching);
    const { queue } = this;
    this.queue = undefined;
    this.announcer.clear();
    await queue?.close();
  }

  private async look(): Promise<void> {
    const now = performance.now();
    if (now - this.lookedAt > STALLED_MS && !this.isLooking) this.streams.send(RESYNC);
    this.lookedAt = now;
    if (this.isLooking || this.announcer.isIdle) return;
    this.isLooking = true;
    try {
      await this.announcer.look();
      this.failure.set(undefined);
    } catch (error) {
      this.failure.set(`cannot look for what was published: ${errorText(error)}`);
    } finally {
      this.isLooking = false;
    }
  }
}
