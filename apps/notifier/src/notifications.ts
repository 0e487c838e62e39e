import { errorText, LogOnce } from '@backup-awareness/contracts';
import {
  endFailure,
  ensureDatabaseReady,
  readDestinations,
  recordDestination,
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
  /** Whose last recorded failure may be that of a round that has thrown; a process before this one may have recorded it. */
  private readonly mayHaveBroken: Set<string>;
  private readonly stopping = new AbortController();
  private readonly unfit = new LogOnce((error) => this.log.warn(error));
  private keeping: Promise<void> | undefined;
  /** When each destination was last notified. */
  readonly readMetrics: ReadMetrics;
  /** Why the work for all destinations, which writes to the database, has failed. */
  private unwritable: string | undefined;

  constructor(
    private readonly db: DataSource,
    private readonly destinations: readonly Destination[],
    private readonly lookForUnknown: () => Promise<void>,
  ) {
    const names = destinations.map(({ name }) => name);
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
    const names = this.destinations.map(({ name }) => name).join(', ');
    this.log.log(
      names === ''
        ? 'no destination is configured: no notifications are sent'
        : `notifies ${names}`,
    );
    if (this.destinations.length === 0) return;
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
      await this.lookForUnknown();
      const { now } = await readAlertVersion(this.db);
      await removeOldNotifications(this.db, now);
      this.unwritable = undefined;
    } catch (error) {
      this.unwritable = errorText(error);
    }
    this.unfit.set(this.unwritable);
  }

  private async record({ name }: Destination, round: Round, pulse: Pulse): Promise<void> {
    if (round.error === undefined) return this.recordMended(name, pulse);
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

  /** What is not attempted cannot succeed: without this, a destination with nothing to send would remain failing. */
  private async recordMended(name: string, { version }: Pulse): Promise<void> {
    if (version === null || !this.mayHaveBroken.has(name)) return;
    if (await endFailure(this.db, name)) this.mayHaveBroken.delete(name);
  }
}

const RECORDED_EVERY_MS = 30_000;

/** An unknown spell ends when no replica has seen it for a minute. */
const EVERY_MS = 20_000;
