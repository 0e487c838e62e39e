import { setMaxListeners } from 'node:events';
import { errorText, LogOnce } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import { NOTHING_TO_TELL, type Destination, type Pulse, type Round } from './destination.js';
import { repeat } from './repeat.js';

export interface CourierOptions {
  readonly destinations: readonly Destination[];
  /** The current state. Never throws. */
  readonly pulse: () => Promise<Pulse>;
  /** Called after each round, for metrics and for the health of destinations. */
  readonly onRound: (destination: Destination, round: Round, pulse: Pulse) => Promise<void>;
}

const EVERY_MS = 1_000;

/** Runs a round for each destination once a second, independently: one that does not answer does not delay the others. */
export class Courier {
  private readonly log = new Logger('notifications');
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;

  constructor(private readonly options: CourierOptions) {}

  start(): void {
    // Each request that is being sent listens to it, 20 of a destination at once.
    setMaxListeners(0, this.stopping.signal);
    this.running = Promise.all(this.options.destinations.map((one) => this.serve(one)));
  }

  /** Aborts the running rounds and resolves when they have ended; their notifications are sent again later. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async serve(destination: Destination): Promise<void> {
    const { signal } = this.stopping;
    const failing = new LogOnce((error) => this.log.warn(`${destination.name}: ${error}`));
    const observe = (error: string | null) => {
      if (error === null && failing.isSet) this.log.log(`${destination.name}: answers again`);
      failing.set(error ?? undefined);
    };
    const unfit = new LogOnce((error) => this.log.warn(`${destination.name}: ${error}`));
    await repeat(EVERY_MS, signal, async () => {
      const pulse = await this.options.pulse();
      const round = await roundOf(destination, pulse, signal);
      if (signal.aborted) return;
      let broken = (round.isBroken && round.error) || undefined;
      if (!broken && round.error !== undefined) observe(round.error);
      if (round.givenUp > 0)
        this.log.error(
          `${destination.name}: notifications given up after three days: ${round.givenUp}; backup-awareness dead-letters list shows them`,
        );
      try {
        await this.options.onRound(destination, round, pulse);
      } catch (error) {
        broken ??= errorText(error);
      }
      unfit.set(broken);
    });
  }
}

/** A round that throws is that destination's failure: nobody would look for it in the log alone. */
async function roundOf(
  destination: Destination,
  pulse: Pulse,
  signal: AbortSignal,
): Promise<Round> {
  try {
    return await destination.round(pulse, signal);
  } catch (error) {
    return { ...NOTHING_TO_TELL, error: errorText(error), isBroken: true };
  }
}
