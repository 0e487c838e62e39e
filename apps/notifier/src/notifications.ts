import { errorText, LogOnce } from '@backup-awareness/contracts';
import {
  endFailure,
  ensureDatabaseReady,
  readDestinations,
  recordDestination,
  recordSeen,
  removeDestinations,
  removeOldNotifications,
} from '@backup-awareness/database';
import { readAlertVersion } from '@backup-awareness/overview/state';
import {
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { ReadMetrics } from '@backup-awareness/service';
import type { DataSource } from 'typeorm';
import { Courier } from './courier.js';
import { NOTHING_TO_TELL, type Destination, type Pulse, type Round } from './destination.js';
import { countRound, destinationMetricsOf } from './notifier-metrics.js';
import { pulseOf } from './pulse.js';
import { repeat } from './repeat.js';

/** Runs all destinations while the service runs. */
export class Notifications implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('notifications');
  private readonly courier: Courier;
  /** When each success was last recorded: a success each second is not written each second. */
  private readonly recordedAt = new Map<string, number>();
  /** When each destination that had nothing to send was last recorded as served. */
  private readonly seenAt = new Map<string, number>();
  /** Whose last recorded failure may be that of a round that has thrown; a process before this one may have recorded it. */
  private readonly mayHaveBroken: Set<string>;
  private readonly stopping = new AbortController();
  private readonly unfit = new LogOnce((error) => this.log.warn(error));
  private keeping: Promise<void> | undefined;
  /** When each destination was last notified. */
  readonly readMetrics: ReadMetrics;
  /** Why the work for all destinations, which writes to the database, has failed. */
  private unwritable: string | undefined;

  private readonly names: readonly string[];

  constructor(
    private readonly db: DataSource,
    destinations: readonly Destination[],
    private readonly lookForUnknown: () => Promise<void>,
  ) {
    const names = (this.names = destinations.map(({ name }) => name));
    this.mayHaveBroken = new Set(names);
    for (const name of names) countRound(name, NOTHING_TO_TELL);
    this.readMetrics = destinationMetricsOf(() => readDestinations(db), names);
    this.courier = new Courier({
      destinations,
      pulse: pulseOf(
        async () => {
          if (!db.isInitialized) await ensureDatabaseReady(db);
          return readAlertVersion(db);
        },
        Date.now,
        () => this.unwritable,
      ),
      onRound: (destination, round, pulse) => this.record(destination, round, pulse),
    });
  }

  onApplicationBootstrap(): void {
    const names = this.names.join(', ');
    this.log.log(
      names === ''
        ? 'no destination is configured: no notifications are sent'
        : `notifies ${names}`,
    );
    this.courier.start();
    this.keeping = repeat(EVERY_MS, this.stopping.signal, () => this.keep());
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.courier.stop(), this.keeping]);
  }

  /** Work for all destinations together. */
  private async keep(): Promise<void> {
    try {
      if (!this.db.isInitialized) await ensureDatabaseReady(this.db);
      if (this.names.length > 0) await this.lookForUnknown();
      const { now } = await readAlertVersion(this.db);
      await removeDestinations(this.db, this.names, now);
      await removeOldNotifications(this.db, now);
      this.unwritable = undefined;
    } catch (error) {
      this.unwritable = errorText(error);
    }
    this.unfit.set(this.unwritable);
  }

  private async record({ name }: Destination, round: Round, pulse: Pulse): Promise<void> {
    if (round.isSuperseded) return;
    if (round.error === undefined) return this.recordIdle(name, pulse);
    countRound(name, round);
    if (round.isBroken) this.mayHaveBroken.add(name);
    else this.mayHaveBroken.delete(name);
    const recordedAt = this.recordedAt.get(name);
    const isRecent =
      recordedAt !== undefined && Math.abs(pulse.now - recordedAt) < RECORDED_EVERY_MS;
    if (round.error === null && isRecent) return;
    await recordDestination(this.db, name, pulse.now, round.error ?? undefined);
    if (round.error === null) this.recordedAt.set(name, pulse.now);
    else this.recordedAt.delete(name);
  }

  private async recordIdle(name: string, { now, version }: Pulse): Promise<void> {
    if (version === null) return;
    const seenAt = this.seenAt.get(name);
    if (seenAt === undefined || Math.abs(now - seenAt) >= RECORDED_EVERY_MS) {
      await recordSeen(this.db, name, now);
      this.seenAt.set(name, now);
    }
    // What is not attempted cannot succeed: without this, a destination with nothing to send would remain failing.
    if (!this.mayHaveBroken.has(name)) return;
    if (await endFailure(this.db, name)) this.mayHaveBroken.delete(name);
  }
}

const RECORDED_EVERY_MS = 30_000;

/** An unknown spell ends when no replica has seen it for a minute. */
const EVERY_MS = 20_000;
