import { setTimeout as sleep } from 'node:timers/promises';
import {
  ENGINE_BACKUP_EXCHANGE,
  errorText,
  LogOnce,
  SETTINGS_REQUESTED,
} from '@backup-awareness/contracts';
import { noteAnswered } from '@backup-awareness/database';
import { Publisher } from '@backup-awareness/messaging';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { DataSource } from 'typeorm';

/** The heartbeat needs an answer of the last two minutes. */
const EVERY_MS = 30_000;
const AGAIN_AFTER_MS = 5_000;
const ANSWER_WITHIN_MS = 2_000;

/** Requests the settings over the broker, as an engine host does, and notes when an answer came: a stage of the heartbeat. */
@Injectable()
export class AnswerProof implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('settings');
  private readonly stopping = new AbortController();
  private readonly unproven = new LogOnce((reason) =>
    this.log.warn(`a request for settings was not answered: ${reason}`),
  );

  constructor(
    private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
  ) {}

  onApplicationBootstrap(): void {
    void this.run();
  }

  beforeApplicationShutdown(): void {
    this.stopping.abort();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    while (!signal.aborted) {
      const isProven = await this.prove();
      const pauseMs = isProven ? EVERY_MS : AGAIN_AFTER_MS;
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  private async prove(): Promise<boolean> {
    // Readiness says so already.
    if (this.publisher.unreadyReason() !== undefined || !this.dataSource.isInitialized)
      return false;
    try {
      await this.publisher.ask({
        exchange: ENGINE_BACKUP_EXCHANGE,
        routingKey: SETTINGS_REQUESTED,
        body: Buffer.from('{}'),
        withinMs: ANSWER_WITHIN_MS,
      });
      await noteAnswered(this.dataSource);
      this.unproven.set(undefined);
      return true;
    } catch (error) {
      if (!this.stopping.signal.aborted) this.unproven.set(errorText(error));
      return false;
    }
  }
}
