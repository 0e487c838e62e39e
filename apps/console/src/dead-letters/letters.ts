import { errorText, withCredentials } from '@backup-awareness/contracts/plain';
import { brokerUserName, virtualHostOf, type BrokerTls } from '@backup-awareness/messaging';
import {
  discardLetters,
  findDeadLetter,
  LETTER_QUEUE_NAMES,
  listDeadLetters,
  replayLetters,
  type DeadLetter,
  type LetterSource,
  type LettersToSettle,
  type NotReplayed,
  type TakenLetter,
} from '@backup-awareness/messaging/dead-letters';
import { publishConfirmed } from '@backup-awareness/messaging/publishing';
import { onBroker } from '@backup-awareness/messaging/session';
import type { ChannelModel } from 'amqplib';
import { Problem } from '../http/problem.js';

export interface LettersOptions {
  readonly amqpUrl: string;
  readonly readTls: () => BrokerTls;
  /** Of the broker user `replay`. */
  readonly replayPassword: string | undefined;
}

/** Beyond that of one queue, the rest is not shown: all that were read are taken from their queue until the end, which the broker limits to a minute. */
const LETTERS_MAX = 2_000;
const FRESH_MS = 2_000;
/** Each waits for the one before it, and has a connection meanwhile. */
const WORKING_MAX = 10;
/** Each reading of a letter counts as a delivery, of which the broker allows a million: viewers cannot use them up, nor all places. */
const VIEWER_FINDS_EVERY_MS = {
  listed: 1_000,
  /** All letters may be read for it, and meanwhile nobody else can work with them. */
  unlisted: 30_000,
};

/** What was read of the dead letters. */
export interface ListedLetters {
  readonly letters: readonly DeadLetter[];
  /** False: a queue has more than are read at once. */
  readonly isComplete: boolean;
}

/** The dead letters at the broker, each time on a connection of its own: while one is open, nobody else can work with them. */
export class Letters {
  private latest: { readonly at: number; readonly listed: Promise<ListedLetters> } | undefined;

  private working = 0;
  private readonly nextForViewerAt = { listed: 0, unlisted: 0 };
  private isFindingForViewer = false;

  constructor(private readonly options: LettersOptions) {}

  /** At most `LETTERS_MAX` of each queue. All who ask within two seconds share one reading. @throws Problem 503 */
  async list(): Promise<ListedLetters> {
    const now = performance.now();
    if (!this.latest || now - this.latest.at > FRESH_MS) {
      const listed = this.work((source) => listDeadLetters(source, LETTERS_MAX)).then(
        (letters) => ({ letters, isComplete: isComplete(letters) }),
      );
      this.latest = { at: now, listed };
      // What failed is tried again by who asks next.
      listed.catch(() => (this.latest = undefined));
    }
    return this.latest.listed;
  }

  /**
   * A letter that a viewer asks for is looked for in the shared list first, and at the broker at most once a second; where it is not listed
   * because there are too many, at most twice a minute.
   *
   * @throws Problem 503
   */
  async find(id: string, role: 'viewer' | 'operator'): Promise<TakenLetter | undefined> {
    if (role === 'operator') return this.work((source) => findDeadLetter(source, id));
    const { letters, isComplete } = await this.list();
    const place = letters.some((letter) => letter.id === id) ? 'listed' : 'unlisted';
    if (place === 'unlisted' && isComplete) return undefined;
    const waitMs = this.nextForViewerAt[place] - performance.now();
    if (this.isFindingForViewer || waitMs > 0)
      throw new Problem(503, 'another viewer is looking at a dead letter', {
        retryAfter: Math.max(1, Math.ceil(waitMs / 1_000)),
      });
    this.isFindingForViewer = true;
    return this.work((source) => findDeadLetter(source, id)).finally(() => {
      this.isFindingForViewer = false;
      this.nextForViewerAt[place] = performance.now() + VIEWER_FINDS_EVERY_MS[place];
    });
  }

  /** @throws Problem 503, or 409 where nobody can publish as `replay` */
  async replay(letters: LettersToSettle): Promise<NotReplayed[]> {
    const { amqpUrl, replayPassword } = this.options;
    if (replayPassword === undefined)
      throw new Problem(
        409,
        'REPLAY_AMQP_PASSWORD is not set: only the broker user replay may say who sent a message and when it first arrived',
      );
    const user = brokerUserName(virtualHostOf(amqpUrl), 'replay');
    const url = withCredentials(amqpUrl, user, replayPassword);
    return this.settle((source) =>
      this.connected(url, (connection) =>
        replayLetters(source, letters, (messages) => publishConfirmed(connection, user, messages)),
      ),
    );
  }

  /** @throws Problem 503 */
  async discard(letters: LettersToSettle): Promise<void> {
    return this.settle((source) => discardLetters(source, letters));
  }

  private async settle<T>(work: (source: LetterSource) => Promise<T>): Promise<T> {
    return this.work(work).finally(() => (this.latest = undefined));
  }

  private async work<T>(work: (source: LetterSource) => Promise<T>): Promise<T> {
    const { amqpUrl } = this.options;
    const vhost = virtualHostOf(amqpUrl);
    const own = decodeURIComponent(new URL(amqpUrl).username);
    // Where all services share one user it is also this one.
    const named = (user: 'ingest' | 'audit') => [brokerUserName(vhost, user), own];
    const users = {
      services: { ingest: named('ingest'), audit: named('audit') },
      replay: brokerUserName(vhost, 'replay'),
    };
    if (this.working >= WORKING_MAX)
      throw new Problem(503, 'too many are working with the dead letters', { retryAfter: 5 });
    this.working++;
    return this.connected(amqpUrl, (connection) => work({ connection, users })).finally(
      () => this.working--,
    );
  }

  private async connected<T>(
    url: string,
    work: (connection: ChannelModel) => Promise<T>,
  ): Promise<T> {
    let lostBecause: Error | undefined;
    try {
      return await onBroker(
        url,
        'console dead letters',
        async (connection) => {
          connection.on('error', (error: Error) => (lostBecause = error));
          return work(connection);
        },
        this.options.readTls(),
      );
    } catch (error) {
      throw problemOfBroker(error, lostBecause);
    }
  }
}

function isComplete(letters: readonly DeadLetter[]): boolean {
  return LETTER_QUEUE_NAMES.every(
    (name) => letters.filter(({ queue }) => queue === name).length < LETTERS_MAX,
  );
}

function problemOfBroker(error: unknown, lostBecause: Error | undefined): unknown {
  const { name, code, cause } = error as { name?: string; code?: unknown; cause?: unknown };
  if (name === 'DeadLettersInUse') return new Problem(503, errorText(error), { retryAfter: 5 });
  // The broker closes a channel with a number.
  const isBrokers = typeof code === 'number' || name === 'NotConfirmed';
  const reason = name === 'NotConnected' ? cause : isBrokers ? error : lostBecause;
  return reason === undefined
    ? error
    : new Problem(503, `the broker cannot be used: ${errorText(reason)}`, { retryAfter: 5 });
}
