import { errorText, LogOnce } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import type { Destination, Pulse, Round } from './destination.js';
import { repeat } from './repeat.js';

export interface CourierOptions {
  readonly destinations: readonly Destination[];
  /** How things are now. Never throws. */
  readonly pulse: () => Promise<Pulse>;
  /** Told of each round in which something was tried, for metrics and for whoever asks how it goes. */
  readonly onRound: (destination: Destination, round: Round, pulse: Pulse) => Promise<void>;
}

const EVERY_MS = 1_000;

/** Gives every destination its turn once a second, each by itself: one that does not answer holds up no other. */
export class Courier {
  private readonly log = new Logger('notifications');
  private readonly stopping = new AbortController();
  private running: Promise<unknown> | undefined;

  constructor(private readonly options: CourierOptions) {}

  start(): void {
    this.running = Promise.all(this.options.destinations.map((one) => this.serve(one)));
  }

  /** Resolves when nothing is under way any more; what was is given up and told again later. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async serve(destination: Destination): Promise<void> {
    const { signal } = this.stopping;
    const failing = new LogOnce((error) => this.log.warn(`${destination.name}: ${error}`));
    const unfit = new LogOnce((error) => this.log.warn(`${destination.name}: ${error}`));
    await repeat(EVERY_MS, signal, async () => {
      try {
        const pulse = await this.options.pulse();
        const round = await destination.round(pulse, signal);
        if (signal.aborted) return;
        unfit.set(undefined);
        if (round.error !== undefined) failing.set(round.error ?? undefined);
        if (round.givenUp > 0)
          this.log.error(
            `${destination.name}: ${round.givenUp} given up after three days; what they said is in the audit log`,
          );
        await this.options.onRound(destination, round, pulse);
      } catch (error) {
        unfit.set(errorText(error));
      }
    });
  }
}
