import { randomUUID } from 'node:crypto';
import {
  databaseRestored,
  databaseRestoredForSubscribers,
  INCARNATION_EXCHANGE,
  INCARNATION_STREAM,
} from '@backup-awareness/contracts';
import {
  advancePosition,
  beginIncarnation,
  enqueue,
  inTransaction,
  readIncarnation,
  type Incarnation,
} from '@backup-awareness/database';
import type { Publisher } from '@backup-awareness/messaging';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';

const READ_WITHIN_MS = 30_000;
/** More than there ever are restores; all sequence numbers stay safe integers below it. */
const GENERATIONS_MAX = 1_000_000;

/**
 * Notices that the database is an older copy of the one that published before, whatever it was copied with.
 *
 * Before anything is published the database increases its position, and a stream of the broker gets it as a mark. If the broker has a later
 * mark than the database, what was published under that mark is not in the database.
 */
export class PublishingIncarnation {
  private readonly log = new Logger('incarnation');
  private known: Incarnation | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly publisher: Publisher,
  ) {}

  /**
   * To be called after events were read from the outbox and before they are published.
   *
   * @returns false if the database turned out to be a restored copy: what was read before has other numbers now
   * @throws if the broker or the database cannot be asked: then nothing may be published
   */
  async advance(): Promise<boolean> {
    const advanced = this.known && (await advancePosition(this.dataSource, this.known));
    this.known = advanced;
    if (!advanced && (await this.beginIfRestored())) return false;
    this.known ??= await this.advanceUnknown();
    await this.mark(this.known);
    return true;
  }

  private async advanceUnknown(): Promise<Incarnation> {
    const own = await readIncarnation(this.dataSource);
    const advanced = await advancePosition(this.dataSource, own);
    if (!advanced) throw new Error('another freshness-checker is publishing');
    return advanced;
  }

  private async beginIfRestored(): Promise<boolean> {
    const latest = await this.latestMark();
    // Read after the marks: those of another replica are in the database before they are at the broker.
    const own = await readIncarnation(this.dataSource);
    if (!latest || !isLater(latest, own)) return false;
    await inTransaction(this.dataSource, async (transaction) => {
      const begun = await beginIncarnation(transaction, latest.generation + 1);
      if (!begun) return;
      const copiedAt = begun.copiedAt?.toISOString() ?? null;
      const event = databaseRestored({
        who: 'freshness-checker',
        what: 'database',
        from: String(begun.previous),
        to: String(latest.generation + 1),
        when: new Date().toISOString(),
        copied_at: copiedAt,
        fqdn: '',
        alert_id: randomUUID(),
        sequence: begun.base,
      });
      await enqueue(transaction, [event, ...databaseRestoredForSubscribers(event)]);
      this.log.error(
        `the database was restored from a copy that last published at ${copiedAt ?? 'no time'}: what was stored after that is missing; sequence numbers continue above ${begun.base}`,
      );
    });
    return true;
  }

  /** The latest mark at the broker; undefined if there is none. A mark without a position shows where the stream ends now. */
  private async latestMark(): Promise<Incarnation | undefined> {
    const end = randomUUID();
    await this.publishMark({ end });
    const contents = await this.publisher.readStream(INCARNATION_STREAM, {
      isLast: (content) => parseMark(content).end === end,
      withinMs: READ_WITHIN_MS,
    });
    return contents
      .map(parseMark)
      .filter(isPosition)
      .reduce<Incarnation | undefined>(
        (latest, mark) => (latest && !isLater(mark, latest) ? latest : mark),
        undefined,
      );
  }

  private mark({ generation, position }: Incarnation): Promise<void> {
    return this.publishMark({ generation, position });
  }

  private publishMark(mark: Mark): Promise<void> {
    return this.publisher.publish({
      exchange: INCARNATION_EXCHANGE,
      routingKey: '',
      body: Buffer.from(JSON.stringify(mark)),
      options: { contentType: 'application/json' },
    });
  }
}

type Mark = Partial<Incarnation> & { readonly end?: string };

/** The stream may have anything: what is no mark must not keep events from being published. */
function parseMark(content: Buffer): Mark {
  try {
    return (JSON.parse(content.toString()) as Mark | null) ?? {};
  } catch {
    return {};
  }
}

function isPosition(mark: Mark): mark is Incarnation {
  return (
    isNatural(mark.generation) && mark.generation < GENERATIONS_MAX && isNatural(mark.position)
  );
}

function isNatural(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isLater(one: Incarnation, other: Incarnation): boolean {
  return (
    one.generation > other.generation ||
    (one.generation === other.generation && one.position > other.position)
  );
}
